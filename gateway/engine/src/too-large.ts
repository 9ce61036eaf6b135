/** An answer that is larger than answers may be: few objects that refer to each other can make a huge one. */
export class AnswerTooLargeError extends Error {
  override readonly name = 'AnswerTooLargeError'
}
