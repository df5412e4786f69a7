/** One line of the benchmark: a figure, and beside it the floor measured in the same run with nothing of octo around. */
export interface Row {
  readonly row: string
  readonly value: number
  /** What the bare parts need for the same, or `null` where there is nothing to compare with. */
  readonly floor: number | null
  readonly unit: string
  /** The goal in words, such as "at most floor + 2". */
  readonly goal: string
  readonly ok: boolean
}

/** The value below which a share of all samples lies. */
export function percentile(samples: readonly number[], share: number): number {
  const sorted = samples.toSorted((a, b) => a - b)
  const at = Math.min(sorted.length - 1, Math.floor(sorted.length * share))
  const value = sorted[at]
  if (value === undefined) throw new Error('a percentile needs samples')
  return value
}

export function median(samples: readonly number[]): number {
  return percentile(samples, 0.5)
}

type Limit =
  | { readonly atMost: number }
  | { readonly atLeast: number }
  | { readonly aboveFloor: number }
  | { readonly shareOfFloor: number }

/** Holds a value against its goal; the goal's words are made from the same limit, so they cannot drift apart. */
export function row(name: string, unit: string, measured: { value: number; floor?: number }, limit: Limit): Row {
  const { value } = measured
  const floor = measured.floor ?? null
  return {
    row: name,
    value: round(value),
    floor: floor === null ? null : round(floor),
    unit,
    ...judged(value, floor, limit),
  }
}

function judged(value: number, floor: number | null, limit: Limit): { readonly goal: string; readonly ok: boolean } {
  if ('atMost' in limit) return { goal: `at most ${limit.atMost}`, ok: value <= limit.atMost }
  if ('atLeast' in limit) return { goal: `at least ${limit.atLeast}`, ok: value >= limit.atLeast }
  if (floor === null) throw new Error('this goal needs a floor')
  if ('aboveFloor' in limit) {
    return { goal: `at most floor + ${limit.aboveFloor}`, ok: value <= floor + limit.aboveFloor }
  }
  return { goal: `at least ${limit.shareOfFloor} of the floor`, ok: value >= floor * limit.shareOfFloor }
}

function round(value: number): number {
  return Number(value.toPrecision(4))
}

/** Milliseconds that something takes. */
export async function timed(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await run()
  return performance.now() - start
}
