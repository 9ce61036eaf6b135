import type { demoPeople } from '../_kit/index.ts'
import type { Drawing } from './pictures.ts'

/** Who of the demo people sells, buys and reviews. */
export type DemoShopper = keyof Pick<typeof demoPeople, 'ada' | 'bob' | 'carol' | 'admin'>

/** A product of the demo data. */
export type DemoProduct = {
  /** The end of its id. */
  name: string
  seller: DemoShopper
  title: string
  description: string
  /** In EUR. */
  price: string
  stock: number
  category: string
  tags: readonly string[]
  pictures: readonly (readonly [Drawing, hue: number])[]
  daysAgo: number
  reviews?: readonly (readonly [author: DemoShopper, stars: number, text: string | null])[]
}

/** What the demo people sell. */
export const demoProducts: readonly DemoProduct[] = [
  {
    name: '1AMP',
    seller: 'bob',
    title: 'Oak desk lamp',
    description:
      'A lamp for long evenings: turned oak, a linen shade, and a dimmer that remembers where you left it. Comes with a warm LED bulb (2700 K, 806 lm) that you can change yourself.',
    price: '64.90',
    stock: 18,
    category: 'Home',
    tags: ['lamp', 'oak', 'desk', 'handmade'],
    pictures: [
      ['lamp', 32],
      ['lamp', 200],
    ],
    daysAgo: 60,
    reviews: [
      ['carol', 5, 'The dimmer is what every lamp should have. The oak smells of oak.'],
      ['ada', 4, 'Lovely light. The cable could be half a metre longer.'],
    ],
  },
  {
    name: 'HEADPH0NES',
    seller: 'bob',
    title: 'Quiet headphones',
    description:
      'Closed headphones with active noise cancelling, 38 hours of battery, and ear pads that can be replaced. They fold flat, and work by cable when the battery is empty.',
    price: '189.00',
    stock: 7,
    category: 'Electronics',
    tags: ['audio', 'wireless', 'travel'],
    pictures: [['headphones', 250]],
    daysAgo: 45,
    reviews: [
      ['ada', 5, 'I wrote a whole ledger in one train ride.'],
      ['admin', 4, null],
    ],
  },
  {
    name: 'KEYB0ARD',
    seller: 'bob',
    title: 'Mechanical keyboard, 75 %',
    description:
      'Hot-swappable switches, a gasket mount that makes typing sound like rain, and a plate of recycled aluminium. Layouts: ISO and ANSI; USB-C.',
    price: '129.50',
    stock: 11,
    category: 'Electronics',
    tags: ['keyboard', 'desk', 'usb-c'],
    pictures: [['keyboard', 190]],
    daysAgo: 33,
    reviews: [['carol', 4, 'Very good, if your colleagues sit far enough away.']],
  },
  {
    name: 'MVG',
    seller: 'carol',
    title: 'Stoneware mug, speckled',
    description: 'Thrown and glazed by hand: no two are alike. Holds 350 ml and survives the dishwasher.',
    price: '22.00',
    stock: 40,
    category: 'Kitchen',
    tags: ['handmade', 'ceramics', 'coffee'],
    pictures: [
      ['mug', 15],
      ['mug', 160],
    ],
    daysAgo: 80,
    reviews: [
      ['bob', 5, 'Bought one, came back for five.'],
      ['ada', 5, 'The glaze is even nicer than in the picture.'],
      ['admin', 3, 'Heavier than I thought.'],
    ],
  },
  {
    name: 'KN1FE',
    seller: 'carol',
    title: 'Chef’s knife, 20 cm',
    description:
      'Carbon steel that takes an edge you can shave with, and asks for a drop of oil in return. Walnut handle, full tang.',
    price: '98.00',
    stock: 5,
    category: 'Kitchen',
    tags: ['steel', 'walnut', 'handmade'],
    pictures: [['knife', 220]],
    daysAgo: 21,
  },
  {
    name: 'BACKPACK',
    seller: 'bob',
    title: 'Rolltop backpack, 24 l',
    description:
      'Waxed canvas, a roll top that keeps rain out and a laptop sleeve that keeps the laptop (16″) off the ground. Made of nine parts, each of which can be repaired.',
    price: '119.00',
    stock: 14,
    category: 'Outdoor',
    tags: ['travel', 'canvas', 'bag'],
    pictures: [['backpack', 95]],
    daysAgo: 52,
    reviews: [['ada', 4, 'Two winters, no leak.']],
  },
  {
    name: 'TENT',
    seller: 'bob',
    title: 'Two-person tent, 1.9 kg',
    description:
      'Stands in four minutes, sheds a storm, packs to the size of a loaf of bread. Water column 3,000 mm, two doors, so that nobody climbs over anybody.',
    price: '259.00',
    stock: 3,
    category: 'Outdoor',
    tags: ['travel', 'camping'],
    pictures: [['tent', 140]],
    daysAgo: 12,
  },
  {
    name: 'B0TT1E',
    seller: 'carol',
    title: 'Steel bottle, 0.75 l',
    description:
      'Keeps tea hot for twelve hours and water cold for a day. One piece of steel, no paint, no plastic inside.',
    price: '29.90',
    stock: 60,
    category: 'Outdoor',
    tags: ['steel', 'travel'],
    pictures: [['bottle', 205]],
    daysAgo: 70,
    reviews: [['bob', 4, 'Does what it says.']],
  },
  {
    name: 'B00K',
    seller: 'ada',
    title: 'Notes on the engine, annotated',
    description:
      'The first published programme, with the whole paper around it, and notes in the margin that explain each step. 216 pages, thread-bound.',
    price: '34.00',
    stock: 25,
    category: 'Books',
    tags: ['history', 'computing'],
    pictures: [['book', 345]],
    daysAgo: 90,
    reviews: [
      ['bob', 5, 'I finally understand note G.'],
      ['carol', 5, null],
    ],
  },
  {
    name: 'P1ANT',
    seller: 'carol',
    title: 'Rubber plant in a clay pot',
    description: 'About 45 cm tall, forgiving, and content with a north window. The pot has a hole, as pots should.',
    price: '27.50',
    stock: 9,
    category: 'Home',
    tags: ['plant', 'ceramics'],
    pictures: [['plant', 120]],
    daysAgo: 8,
  },
  {
    name: 'C10CK',
    seller: 'carol',
    title: 'Wall clock without ticking',
    description: 'A sweeping movement that nobody hears. Birch frame, 30 cm, one AA battery a year.',
    price: '48.00',
    stock: 0,
    category: 'Home',
    tags: ['birch', 'handmade'],
    pictures: [['clock', 40]],
    daysAgo: 64,
    reviews: [['ada', 5, 'Silent at last.']],
  },
  {
    name: 'SCARF',
    seller: 'carol',
    title: 'Merino scarf, undyed',
    description:
      'Spun and woven within forty kilometres of the sheep. 180 × 30 cm, in the three greys that sheep come in.',
    price: '75.00',
    stock: 12,
    category: 'Clothing',
    tags: ['wool', 'handmade'],
    pictures: [['scarf', 300]],
    daysAgo: 5,
  },
  {
    name: 'CHESS',
    seller: 'ada',
    title: 'Travel chess with magnets',
    description:
      'A board that folds around its pieces: maple and walnut, 18 cm, and nobody loses a bishop on a bumpy road.',
    price: '56.00',
    stock: 6,
    category: 'Games',
    tags: ['travel', 'walnut', 'maple'],
    pictures: [['chess', 275]],
    daysAgo: 2,
  },
]
