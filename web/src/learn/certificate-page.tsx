import { Award, ShieldCheck, ShieldX } from 'lucide-react'
import { Link, useParams } from 'react-router'
import { useQuery } from 'urql'
import { CertificateDocument } from '../.generated/learn.ts'
import { Card } from '../design/card.tsx'
import { Empty, Failure, SkeletonRows } from '../design/states.tsx'
import { useTitle } from '../shared/hooks.ts'
import { formatDate } from '../shared/time.ts'

/** A certificate by its number: anybody who has the number sees here whether it is genuine. */
export const CertificatePage = () => {
  const { number = '' } = useParams()
  useTitle('Certificate')
  const [{ data, fetching, error }, reload] = useQuery({
    query: CertificateDocument,
    variables: { number },
    requestPolicy: 'cache-and-network',
  })
  const certificate = data?.certificate
  if (!certificate && fetching) return <SkeletonRows rows={5} label="Verifying the certificate" />
  if (!certificate && error !== undefined) return <Failure error={error} onRetry={reload} />
  if (!certificate) {
    return (
      <Empty icon={ShieldX} heading="h1" title="This certificate was not issued here">
        Please check the number {number}.
      </Empty>
    )
  }
  return (
    <div className="mx-auto max-w-2xl space-y-3 pt-4">
      <Card bodyClassName="p-8 text-center sm:p-12">
        <span className="bg-accent-soft text-accent mx-auto mb-5 grid size-16 place-items-center rounded-full">
          <Award aria-hidden className="size-8" />
        </span>
        <p className="text-muted text-sm">This certifies that</p>
        <p className="my-2 text-3xl font-semibold tracking-tight">
          <Link to={`/people/${certificate.student.handle}`} className="rounded hover:underline">
            {certificate.student.handle}
          </Link>
        </p>
        <p className="text-muted text-sm">has completed every lesson and passed every quiz of</p>
        <h1 className="my-2 text-xl font-semibold">
          <Link to={`/learn/${certificate.course.id}`} className="rounded hover:underline">
            {certificate.courseTitle}
          </Link>
        </h1>
        <p className="text-muted text-sm">
          taught by {certificate.course.teacher.handle} · {formatDate(certificate.issuedAt)}
        </p>
        <p className="mt-6 font-mono text-sm">{certificate.number}</p>
      </Card>
      <p className="text-up flex items-center justify-center gap-2 text-sm font-medium">
        <ShieldCheck aria-hidden className="size-4" /> Genuine: issued by Codai under this number.
      </p>
    </div>
  )
}
