import { badInput, optionalText, requiredText, wordsIn } from '../_kit/index.ts'
import type {
  AddLessonInput,
  CreateCourseInput,
  QuizInput,
  UpdateCourseInput,
  UpdateLessonInput,
} from '../.generated/studiai.ts'
import type { CourseDocument, LessonDocument, QuizDocument } from './models.ts'

const longestTitle = 120
const longestSummary = 2_000
const longestTag = 30
const mostTags = 10
const longestContent = 50_000
const longestLessonMinutes = 600
const mostQuestions = 20
const mostOptions = 8

/** What a teacher says of a course. */
export type CourseDetails = Pick<CourseDocument, 'title' | 'summary' | 'level' | 'tags' | 'words'>

/** What a teacher says of a lesson. */
export type LessonDetails = Pick<LessonDocument, 'title' | 'content' | 'durationMinutes'> & { quiz?: QuizDocument }

const between = (value: number, [least, most]: readonly [number, number], field: string): number => {
  if (value < least || value > most) throw badInput(`\`${field}\` is ${least} to ${most}.`, { field })
  return value
}

const atMost = <Value>(values: readonly Value[], [least, most]: readonly [number, number], field: string): Value[] => {
  if (values.length < least || values.length > most) throw badInput(`Give ${least} to ${most}.`, { field })
  return [...values]
}

const readTags = (tags: readonly string[]): string[] =>
  atMost([...new Set(tags.map((tag) => requiredText(tag, longestTag, 'tags').toLowerCase()))], [0, mostTags], 'tags')

/** What a search finds a course by. */
export const searchable = ({ title, summary, tags }: Pick<CourseDetails, 'title' | 'summary' | 'tags'>): string[] =>
  wordsIn(title, summary, ...tags)

/** A new course, checked. BAD_USER_INPUT, naming the field, for what the schema does not allow. */
export const readCourse = (input: Pick<CreateCourseInput, 'title' | 'summary' | 'level' | 'tags'>): CourseDetails => {
  const details = {
    title: requiredText(input.title, longestTitle, 'title'),
    summary: requiredText(input.summary, longestSummary, 'summary'),
    level: input.level,
    tags: readTags(input.tags ?? []),
  }
  return { ...details, words: searchable(details) }
}

/** The changes of a course as it is now, checked as a new one is. */
export const readCourseChange = (
  { title, summary, level, tags }: UpdateCourseInput,
  before: Pick<CourseDetails, 'title' | 'summary' | 'level'> & { tags: readonly string[] },
): CourseDetails =>
  readCourse({
    title: title ?? before.title,
    summary: summary ?? before.summary,
    level: level ?? before.level,
    tags: tags ?? [...before.tags],
  })

const readQuiz = ({ questions, passingScore }: QuizInput): QuizDocument => ({
  passingScore: between(passingScore ?? 80, [1, 100], 'passingScore'),
  questions: atMost(questions, [1, mostQuestions], 'questions').map((question) => {
    const options = atMost(question.options, [2, mostOptions], 'options').map((option) =>
      requiredText(option, 300, 'options'),
    )
    const correctOptions = [...new Set(question.correctOptions)].map((option) =>
      between(option, [1, options.length], 'correctOptions'),
    )
    const explanation = optionalText(question.explanation, 1_000, 'explanation')
    return {
      text: requiredText(question.text, 500, 'text'),
      options,
      correctOptions: atMost(correctOptions, [1, options.length], 'correctOptions'),
      ...(explanation !== null && { explanation }),
    }
  }),
})

/** A new lesson, checked. */
export const readLesson = (
  input: Pick<AddLessonInput, 'title' | 'content' | 'durationMinutes' | 'quiz'>,
): LessonDetails => ({
  title: requiredText(input.title, longestTitle, 'title'),
  content: requiredText(input.content, longestContent, 'content'),
  durationMinutes: between(input.durationMinutes ?? 10, [1, longestLessonMinutes], 'durationMinutes'),
  ...(input.quiz && { quiz: readQuiz(input.quiz) }),
})

/** The changes of a lesson as it is now, checked as a new one is. A quiz that is not given stays. */
export const readLessonChange = (input: UpdateLessonInput, before: Omit<LessonDetails, 'quiz'>): LessonDetails =>
  readLesson({
    title: input.title ?? before.title,
    content: input.content ?? before.content,
    durationMinutes: input.durationMinutes ?? before.durationMinutes,
    quiz: input.quiz,
  })
