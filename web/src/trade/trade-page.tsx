import { SearchX } from 'lucide-react'
import { lazy, Suspense, useState } from 'react'
import { Link, useParams } from 'react-router'
import { useSignedIn } from '../client/provider.tsx'
import { buttonStyle } from '../design/button.tsx'
import { Card } from '../design/card.tsx'
import { Empty, Failure, Skeleton } from '../design/states.tsx'
import { Tabs } from '../design/tabs.tsx'
import { useMedia, useTitle } from '../shared/hooks.ts'
import { decimalsOf } from '../shared/decimal.ts'
import { formatPrice } from '../shared/money.ts'
import { AccountStreams } from './account-streams.tsx'
import { DepositDialog } from './deposit-dialog.tsx'
import { InstrumentHeader } from './instrument-header.tsx'
import { MarketStrip } from './market-strip.tsx'
import { OrderBook } from './order-book.tsx'
import { OrderList } from './orders.tsx'
import { Portfolio } from './portfolio.tsx'
import { Ticket } from './ticket.tsx'
import type { TicketValues } from './ticket.ts'
import { Trades } from './trades.tsx'
import { useBalances } from './use-balances.ts'
import { useBook } from './use-book.ts'
import { useMarket } from './use-market.ts'
import type { Instrument } from './use-market.ts'
import { useOrders } from './use-orders.ts'

const Chart = lazy(async () => ({ default: (await import('./chart.tsx')).Chart }))

const emptyTicket: TicketValues = {
  side: 'BUY',
  type: 'LIMIT',
  timeInForce: 'GTC',
  price: '',
  stopPrice: '',
  quantity: '',
}

const ChartView = ({ instrument }: { instrument: Instrument }) => (
  <Suspense fallback={<Skeleton className="m-3 h-[calc(100%-1.5rem)]" />}>
    <Chart key={instrument.symbol} instrument={instrument} />
  </Suspense>
)

const ChartCard = ({ instrument }: { instrument: Instrument }) => (
  <Card title="Chart" quietTitle bodyClassName="h-[27rem] overflow-hidden rounded-b-xl">
    <ChartView instrument={instrument} />
  </Card>
)

const OwnOrders = () => {
  const orders = useOrders()
  return (
    <Card title="Your orders" quietTitle bodyClassName="min-h-48">
      <Tabs
        label="Your orders"
        tabs={[
          {
            value: 'open',
            label: 'Open orders',
            count: orders.open.length,
            content: <OrderList orders={orders} which="open" />,
          },
          { value: 'history', label: 'History', content: <OrderList orders={orders} which="finished" /> },
        ]}
      />
    </Card>
  )
}

/** Everything about one instrument. */
const Desk = ({ instrument, instruments }: { instrument: Instrument; instruments: readonly Instrument[] }) => {
  const { symbol, base, quote, ticker, tickSize } = instrument
  const signedIn = useSignedIn() !== null
  const book = useBook(symbol)
  const balances = useBalances()
  const [ticket, setTicket] = useState<TicketValues>({ ...emptyTicket, price: ticker.last ?? '' })
  const [depositing, setDepositing] = useState<string>()
  const wide = useMedia('(min-width: 80rem)')
  const twoColumns = useMedia('(min-width: 48rem)')
  useTitle(ticker.last === null ? symbol : `${formatPrice(ticker.last, decimalsOf(tickSize))} ${symbol}`)

  const pickPrice = (price: string): void =>
    setTicket({ ...ticket, price, type: ticket.type === 'MARKET' ? 'LIMIT' : ticket.type })
  const currencies = [...new Set([quote, base, ...instruments.flatMap((each) => [each.quote, each.base])])]

  const bookView = (depth: number) => <OrderBook book={book} instrument={instrument} depth={depth} onPick={pickPrice} />
  const tradesView = <Trades key={symbol} instrument={instrument} />
  const chartTab = {
    value: 'chart',
    label: 'Chart',
    content: (
      <div className="h-88">
        <ChartView instrument={instrument} />
      </div>
    ),
  }
  const bookTab = { value: 'book', label: 'Order book', content: bookView(8) }
  const tradesTab = {
    value: 'trades',
    label: 'Trades',
    content: tradesView,
  }
  const ticketCard = (
    <Card title="Order ticket" quietTitle bodyClassName="">
      <Ticket
        instrument={instrument}
        book={book}
        balances={balances}
        values={ticket}
        onChange={(change) => setTicket((values) => ({ ...values, ...change }))}
        onDeposit={setDepositing}
      />
    </Card>
  )
  const portfolio = signedIn && (
    <Portfolio balances={balances} instruments={instruments} onDeposit={() => setDepositing(quote)} />
  )

  return (
    <>
      <InstrumentHeader instrument={instrument} />
      {wide ? (
        <div className="grid grid-cols-[minmax(0,1fr)_18rem_20rem] items-start gap-4">
          <div className="space-y-4">
            <ChartCard instrument={instrument} />
            {signedIn && <OwnOrders />}
          </div>
          <div className="space-y-4">
            <Card title="Order book" bodyClassName="">
              {bookView(10)}
            </Card>
            <Card title="Trades" bodyClassName="">
              {tradesView}
            </Card>
          </div>
          <div className="space-y-4">
            {ticketCard}
            {portfolio}
          </div>
        </div>
      ) : (
        <div className="grid items-start gap-3 sm:gap-4 md:grid-cols-[minmax(0,1fr)_19rem]">
          <div className="space-y-3 sm:space-y-4">
            {twoColumns && <ChartCard instrument={instrument} />}
            <Card title="Market" quietTitle bodyClassName="">
              <Tabs label="Market" tabs={twoColumns ? [bookTab, tradesTab] : [chartTab, bookTab, tradesTab]} />
            </Card>
            {signedIn && twoColumns && <OwnOrders />}
          </div>
          <div className="space-y-3 sm:space-y-4">
            {ticketCard}
            {signedIn && !twoColumns && <OwnOrders />}
            {portfolio}
          </div>
        </div>
      )}
      <AccountStreams accounts={signedIn ? balances.accounts : []} />
      {depositing !== undefined && (
        <DepositDialog
          balances={balances}
          currency={depositing}
          currencies={currencies}
          onClose={() => setDepositing(undefined)}
        />
      )}
    </>
  )
}

/** Trading: open to look at for everybody. */
export const TradePage = () => {
  const { symbol } = useParams()
  const { instruments, loading, error, reload } = useMarket()
  const instrument = instruments.find((each) => each.symbol === (symbol ?? instruments[0]?.symbol))
  useTitle('Trade')
  if (error !== undefined) return <Failure error={error} onRetry={reload} />
  return (
    <div className="space-y-3 sm:space-y-4">
      <MarketStrip instruments={instruments} symbol={instrument?.symbol ?? ''} loading={loading} />
      {instrument !== undefined && <Desk key={instrument.symbol} instrument={instrument} instruments={instruments} />}
      {instrument === undefined && loading && (
        <div className="grid gap-4 xl:grid-cols-[1fr_18rem_20rem]">
          <Skeleton className="h-96 rounded-xl" />
          <Skeleton className="h-96 rounded-xl" />
          <Skeleton className="h-96 rounded-xl" />
        </div>
      )}
      {instrument === undefined && !loading && (
        <Card>
          <Empty
            icon={SearchX}
            title={symbol === undefined ? 'Nothing is traded yet' : `There is no instrument ${symbol}`}
            action={
              symbol !== undefined && (
                <Link to="/trade" className={buttonStyle({ look: 'primary' })}>
                  See all instruments
                </Link>
              )
            }
          />
        </Card>
      )}
    </div>
  )
}
