declare module 'wink-sentiment' {
  /** AFINN-165 with negations, emoticons and emojis; `normalizedScore` is the mean of the words that score, -5 to 5. */
  const sentiment: (text: string) => { score: number; normalizedScore: number }
  export default sentiment
}
