import { Link } from 'react-router'
import { splitText } from '../shared/text.ts'

type RichTextProps = {
  readonly text: string
  /** The handles that exist, in lower case; a mention of anybody else stays plain. All, when left out. */
  readonly handles?: ReadonlySet<string>
}

const linkStyle = 'text-accent decoration-accent/40 rounded underline underline-offset-3 hover:decoration-accent'

/** A text with its mentions, topics and addresses as links. */
export const RichText = ({ text, handles }: RichTextProps) => (
  <p className="whitespace-pre-wrap">
    {splitText(text).map((part) => {
      const key = part.at
      if (part.kind === 'topic') {
        return (
          <Link key={key} to={`/topics/${encodeURIComponent(part.name)}`} className={linkStyle}>
            {part.text}
          </Link>
        )
      }
      if (part.kind === 'mention' && handles?.has(part.handle.toLowerCase()) !== false) {
        return (
          <Link key={key} to={`/people/${part.handle}`} className={linkStyle}>
            {part.text}
          </Link>
        )
      }
      if (part.kind === 'link') {
        return (
          <a key={key} href={part.href} target="_blank" rel="noopener noreferrer nofollow" className={linkStyle}>
            {part.text}
          </a>
        )
      }
      return <span key={key}>{part.text}</span>
    })}
  </p>
)
