/** The sign of Codai. */
export const Logo = () => (
  <svg aria-hidden viewBox="0 0 32 32" className="size-7">
    <rect width="32" height="32" rx="9" className="fill-accent-solid" />
    <path d="M21.5 11.2A7 7 0 1 0 21.5 20.8" fill="none" stroke="#fff" strokeWidth="3" strokeLinecap="round" />
    <circle cx="22.4" cy="16" r="2.1" fill="#fff" />
  </svg>
)
