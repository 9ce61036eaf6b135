import catalogue from '@codai/schema/catalogue.json'

/** A service of the catalogue. */
export type Service = {
  readonly name: string
  readonly title: string
  readonly purpose: string
  readonly tier: string
  readonly status: string
  readonly stores: readonly string[]
  readonly dependencies: readonly string[]
}

/** All services, those that are only planned too. */
export const services: readonly Service[] = catalogue

/** Whether a service does not run yet. */
export const isPlanned = ({ status }: Service): boolean => status === 'PLANNED'
