import { badInput, requiredText, toPositiveMinor, wordsIn } from '../_kit/index.ts'
import type { Money } from '../_kit/index.ts'
import type { CreateProductInput, UpdateProductInput } from '../.generated/cumparai.ts'
import type { ProductDetails } from './products-store.ts'

const longestTitle = 120
const longestDescription = 4_000
const longestCategory = 40
const longestTag = 30
const mostTags = 10
const mostPictures = 8
const longestAddress = 2_048
const longestPicture = 16_000
const mostPieces = 1_000_000
// A hundred thousand million: with it, and 50 lines of 99 pieces, no total loses a unit in a double.
const highestPrice = 100_000_000_000n

const readPrice = (price: Money): Pick<ProductDetails, 'price' | 'currency'> => {
  const minor = toPositiveMinor(price, 'price')
  if (minor > highestPrice) throw badInput('This is too high a price.', { field: 'price' })
  return { price: Number(minor), currency: price.currency }
}

const readTags = (tags: readonly string[]): string[] => {
  const distinct = new Set(tags.map((tag) => requiredText(tag, longestTag, 'tags').toLowerCase()))
  if (distinct.size > mostTags) throw badInput(`A product has at most ${mostTags} tags.`, { field: 'tags' })
  return [...distinct]
}

const pictureAddress = ({ protocol, href }: URL): string => {
  if (protocol === 'https:' && href.length <= longestAddress) return href
  if (href.startsWith('data:image/') && href.length <= longestPicture) return href
  throw badInput(
    'Pictures are `https` addresses of up to 2,048 characters, or `data:image/` addresses of up to 16,000.',
    { field: 'imageUrls' },
  )
}

const readPictures = (urls: readonly URL[]): string[] => {
  if (urls.length > mostPictures)
    throw badInput(`A product has at most ${mostPictures} pictures.`, { field: 'imageUrls' })
  return urls.map(pictureAddress)
}

/** A number of pieces of `least` to a million. */
export const readPieces = (pieces: number, least: number, field: string): number => {
  if (pieces < least || pieces > mostPieces) {
    throw badInput(`\`${field}\` is ${least} to ${mostPieces.toLocaleString('en')}.`, { field })
  }
  return pieces
}

type Described = Pick<ProductDetails, 'title' | 'description' | 'category' | 'tags'>

/** What a search finds a product by. */
export const searchable = ({ title, description, category, tags }: Described) => ({
  titleWords: wordsIn(title),
  words: wordsIn(title, description, category, ...tags),
})

/** A new product, checked. BAD_USER_INPUT, naming the field, for what the schema does not allow. */
export const readProduct = (input: CreateProductInput): ProductDetails & { stock: number } => {
  const described = {
    title: requiredText(input.title, longestTitle, 'title'),
    description: requiredText(input.description, longestDescription, 'description'),
    category: requiredText(input.category, longestCategory, 'category'),
    tags: readTags(input.tags ?? []),
  }
  return {
    ...described,
    ...readPrice(input.price),
    ...searchable(described),
    status: 'LISTED',
    imageUrls: readPictures(input.imageUrls ?? []),
    stock: readPieces(input.stock, 0, 'stock'),
  }
}

/** The changes of a product as it is now, checked as a new one is. */
export const readChange = (input: UpdateProductInput, before: Described): Partial<ProductDetails> => {
  const { title, description, category, tags, price, imageUrls, status } = input
  const described = {
    title: title == null ? before.title : requiredText(title, longestTitle, 'title'),
    description:
      description == null ? before.description : requiredText(description, longestDescription, 'description'),
    category: category == null ? before.category : requiredText(category, longestCategory, 'category'),
    tags: tags == null ? before.tags : readTags(tags),
  }
  return {
    ...described,
    ...searchable(described),
    ...(price != null && readPrice(price)),
    ...(imageUrls != null && { imageUrls: readPictures(imageUrls) }),
    ...(status != null && { status }),
  }
}
