import { encode } from 'uqr'

/** A text as a QR code, drawn here: a secret in it goes nowhere. Dark on white in both themes, as cameras want it. */
export const QrCode = ({ text, label }: { text: string; label: string }) => {
  const { data, size } = encode(text, { border: 2 })
  const path = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join('')
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size} ${size}`} className="mx-auto w-44 rounded-lg bg-white">
      <path d={path} fill="black" shapeRendering="crispEdges" />
    </svg>
  )
}
