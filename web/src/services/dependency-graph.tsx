import { useState } from 'react'
import { Card } from '../design/card.tsx'
import { classNames } from '../design/class-names.ts'
import { Segmented } from '../design/segmented.tsx'
import { arrange } from './layers.ts'
import type { Service } from './service.ts'

const NODE = { width: 104, height: 30 }
const GAP = { across: 76, down: 14 }

type Point = { readonly x: number; readonly y: number }

/** Where each service is drawn; every layer is centred. */
const positions = (layers: readonly (readonly string[])[], height: number): ReadonlyMap<string, Point> =>
  new Map(
    layers.flatMap((layer, depth) => {
      const taken = layer.length * (NODE.height + GAP.down) - GAP.down
      return layer.map((name, index): readonly [string, Point] => [
        name,
        {
          x: depth * (NODE.width + GAP.across),
          y: (height - taken) / 2 + index * (NODE.height + GAP.down),
        },
      ])
    }),
  )

const curve = (from: Point, to: Point): string => {
  const start = { x: from.x, y: from.y + NODE.height / 2 }
  const end = { x: to.x + NODE.width, y: to.y + NODE.height / 2 }
  const middle = (start.x + end.x) / 2
  return `M ${start.x} ${start.y} C ${middle} ${start.y}, ${middle} ${end.y}, ${end.x} ${end.y}`
}

type DrawingProps = { readonly services: readonly Service[]; readonly isDown: (name: string) => boolean }

const Drawing = ({ services, isDown }: DrawingProps) => {
  const [chosen, setChosen] = useState<string>()
  const layers = arrange(services)
  const most = Math.max(1, ...layers.map((layer) => layer.length))
  const height = most * (NODE.height + GAP.down) - GAP.down
  const width = layers.length * (NODE.width + GAP.across) - GAP.across
  const places = positions(layers, height)
  const lines = services.flatMap(({ name, dependencies }) =>
    dependencies.flatMap((needed) => {
      const [from, to] = [places.get(name), places.get(needed)]
      return from && to ? [{ name, needed, path: curve(from, to) }] : []
    }),
  )
  const near = new Set(
    lines.flatMap(({ name, needed }) => (name === chosen || needed === chosen ? [name, needed] : [])),
  )
  const isFaded = (...names: readonly string[]): boolean =>
    chosen !== undefined && !names.every((name) => name === chosen || near.has(name))
  return (
    <div className="overflow-x-auto">
      {/* The lists below say the same in words. */}
      <svg
        aria-hidden
        viewBox={`-4 -4 ${width + 8} ${height + 8}`}
        style={{ width: width + 8 }}
        className="mx-auto block max-w-none"
      >
        {lines.map(({ name, needed, path }) => {
          const isLit = chosen === name || chosen === needed
          return (
            <path
              key={`${name} ${needed}`}
              d={path}
              fill="none"
              strokeWidth={isLit ? 1.75 : 1}
              className={classNames(
                'transition',
                isLit ? 'stroke-accent' : 'stroke-edge',
                chosen !== undefined && !isLit ? 'opacity-10' : !isLit && 'opacity-50',
              )}
            />
          )
        })}
        {services.map(({ name, title, status }) => {
          const place = places.get(name)
          if (!place) return null
          return (
            <a
              key={name}
              href={`#${name}`}
              tabIndex={-1}
              onPointerEnter={() => setChosen(name)}
              onPointerLeave={() => setChosen(undefined)}
              className={classNames('transition', isFaded(name) && 'opacity-25')}
            >
              <rect
                {...place}
                {...NODE}
                rx={8}
                strokeDasharray={status === 'PLANNED' ? '3 3' : undefined}
                className={classNames(
                  chosen === name ? 'fill-accent-soft stroke-accent' : 'fill-surface',
                  chosen !== name && (isDown(name) ? 'stroke-down' : 'stroke-edge'),
                )}
              />
              <text
                x={place.x + NODE.width / 2}
                y={place.y + NODE.height / 2}
                dominantBaseline="central"
                textAnchor="middle"
                className={classNames('text-[12px] font-medium', isDown(name) ? 'fill-down' : 'fill-ink')}
              >
                {title}
              </text>
            </a>
          )
        })}
      </svg>
    </div>
  )
}

/** Who needs whom: what stands to the right needs what stands to its left. */
export const DependencyGraph = ({ services, isDown }: DrawingProps) => {
  const [shown, setShown] = useState<'available' | 'all'>('available')
  const drawn = shown === 'all' ? services : services.filter(({ status }) => status !== 'PLANNED')
  return (
    <Card
      title="Who needs whom"
      bodyClassName="p-4"
      actions={
        <Segmented
          label="Which services are drawn"
          size="small"
          value={shown}
          onChange={setShown}
          options={[
            { value: 'available', label: 'Running' },
            { value: 'all', label: 'All' },
          ]}
        />
      }
    >
      <Drawing services={drawn} isDown={isDown} />
    </Card>
  )
}
