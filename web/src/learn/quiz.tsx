import { CircleCheck, CircleX } from 'lucide-react'
import { useId, useState } from 'react'
import { SubmitQuizDocument } from '../.generated/lesson.ts'
import type { LessonOfCourseQuery, QuizPartsFragment } from '../.generated/lesson.ts'
import { useAction } from '../client/use-action.ts'
import { Button } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { classNames } from '../design/class-names.ts'
import { FormError } from '../design/states.tsx'

type Lesson = NonNullable<LessonOfCourseQuery['course']>['lessons'][number]
type Question = QuizPartsFragment['questions'][number]

type QuestionFieldProps = {
  readonly question: Question
  readonly chosen: readonly number[]
  readonly onChange: (chosen: readonly number[]) => void
}

const QuestionField = ({ question, chosen, onChange }: QuestionFieldProps) => {
  const name = useId()
  const { hasSeveralAnswers, correctOptions } = question
  const choose = (option: number): void => {
    if (!hasSeveralAnswers) return onChange([option])
    return onChange(chosen.includes(option) ? chosen.filter((other) => other !== option) : [...chosen, option])
  }
  return (
    <fieldset disabled={correctOptions !== null}>
      <legend className="mb-2 font-medium">
        {question.number}. {question.text}
        {hasSeveralAnswers && <span className="text-muted font-normal"> (several answers)</span>}
      </legend>
      <div className="space-y-1">
        {question.options.map((text, index) => {
          const option = index + 1
          const isRight = correctOptions?.includes(option) === true
          return (
            <label
              key={option}
              className={classNames(
                'flex min-h-10 cursor-pointer items-center gap-3 rounded-lg border px-3 py-2',
                isRight ? 'bg-up-soft border-up text-up' : 'border-line hover:bg-raised',
              )}
            >
              <input
                type={hasSeveralAnswers ? 'checkbox' : 'radio'}
                name={name}
                checked={correctOptions === null ? chosen.includes(option) : isRight}
                onChange={() => choose(option)}
                className="accent-accent-solid size-4 shrink-0"
              />
              <span>{text}</span>
              {isRight && <span className="sr-only">, right</span>}
            </label>
          )
        })}
      </div>
      {question.explanation !== null && <p className="text-muted mt-2 text-sm">{question.explanation}</p>}
    </fieldset>
  )
}

const Result = ({ result, passingScore }: { result: NonNullable<Lesson['viewerResult']>; passingScore: number }) => {
  const Icon = result.isPassed ? CircleCheck : CircleX
  return (
    <output
      aria-label="Result"
      className={classNames(
        'flex items-center gap-2 rounded-lg px-3 py-2 font-medium',
        result.isPassed ? 'bg-up-soft text-up' : 'bg-warn-soft text-warn',
      )}
    >
      <Icon aria-hidden className="size-4 shrink-0" />
      {result.isPassed
        ? `Passed with ${result.bestScore}%.`
        : `${result.score}% are right, and ${passingScore}% are needed. Look at it again, and try once more.`}
    </output>
  )
}

/** The questions at the end of a lesson. Which answers are right shows once it is passed. */
export const Quiz = ({ lesson, quiz }: { lesson: Lesson; quiz: QuizPartsFragment }) => {
  const [answers, setAnswers] = useState<Readonly<Record<number, readonly number[]>>>({})
  const { busy, error, run } = useAction(SubmitQuizDocument)
  const result = lesson.viewerResult
  const isComplete = quiz.questions.every(({ number }) => (answers[number] ?? []).length > 0)
  const submit = (): void =>
    void run({
      input: {
        lesson: lesson.id,
        answers: quiz.questions.map(({ number }) => ({ question: number, options: answers[number] ?? [] })),
      },
    })
  return (
    <Card title="Quiz" bodyClassName="p-5 pt-2">
      <form
        aria-label="Quiz"
        className="space-y-5"
        onSubmit={(event) => {
          event.preventDefault()
          submit()
        }}
      >
        {quiz.questions.map((question) => (
          <QuestionField
            key={question.number}
            question={question}
            chosen={answers[question.number] ?? []}
            onChange={(chosen) => setAnswers({ ...answers, [question.number]: chosen })}
          />
        ))}
        <FormError error={error} />
        {result && <Result result={result} passingScore={quiz.passingScore} />}
        {!result?.isPassed && (
          <Button type="submit" look="primary" disabled={!isComplete} busy={busy}>
            {result ? 'Try again' : 'Check my answers'}
          </Button>
        )}
      </form>
    </Card>
  )
}
