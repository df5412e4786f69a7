/** What arrives, in order, to be taken one by one by a test. */
export interface Inbox<Value> {
  put(value: Value): void
  /** Takes the next, waiting for it. */
  next(): Promise<Value>
  /** Takes the next that fits, dropping those before it. */
  until(fits: (value: Value) => boolean): Promise<Value>
  /** What has arrived and was not taken. */
  readonly waiting: readonly Value[]
}

export function openInbox<Value>(): Inbox<Value> {
  const values: Value[] = []
  const takers: ((value: Value) => void)[] = []
  const next = (): Promise<Value> => {
    const value = values.shift()
    return value === undefined ? new Promise((resolve) => takers.push(resolve)) : Promise.resolve(value)
  }
  return {
    put(value) {
      const taker = takers.shift()
      if (taker === undefined) values.push(value)
      else taker(value)
    },
    next,
    async until(fits) {
      for (;;) {
        const value = await next()
        if (fits(value)) return value
      }
    },
    waiting: values,
  }
}
