import { useQuery } from 'urql'
import { PaymentRequestsDocument } from '../.generated/wallet.ts'
import { useResumed } from '../client/provider.tsx'
import { Card } from '../design/card.tsx'
import { formatMoney } from '../shared/money.ts'
import { formatMoment } from '../shared/time.ts'
import { Answer } from './payments.tsx'

/** What others ask the person for; nothing where nobody asks. */
export const PaymentRequests = ({ wallet }: { wallet: string }) => {
  const [{ data }, reload] = useQuery({ query: PaymentRequestsDocument, requestPolicy: 'cache-and-network' })
  useResumed(() => reload({ requestPolicy: 'network-only' }))
  const requests = (data?.me?.paymentRequests?.edges ?? [])
    .map(({ node }) => node)
    .filter(({ status }) => status === 'REQUESTED')
  if (requests.length === 0) return null
  return (
    <Card title="You are asked to pay" bodyClassName="pb-2">
      <ul aria-label="Payment requests" className="divide-line divide-y">
        {requests.map((payment) => (
          <li
            key={payment.id}
            aria-label={`${payment.payee.handle} asks for ${formatMoney(payment.amount)}`}
            className="px-4 py-3"
          >
            <p>
              <strong>{payment.payee.handle}</strong> asks for{' '}
              <span className="figures font-medium">{formatMoney(payment.amount)}</span>
            </p>
            <p className="text-muted text-xs">
              {payment.memo !== null && `${payment.memo} · `}
              {formatMoment(payment.createdAt)}
            </p>
            <Answer payment={payment} wallet={wallet} />
          </li>
        ))}
      </ul>
    </Card>
  )
}
