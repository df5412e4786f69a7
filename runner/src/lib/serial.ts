/** Runs tasks one after the other in the order they came; a task that fails does not hinder the next. */
export class Serial {
  #last: Promise<void> = Promise.resolve()

  /** @returns what the task returns, or its failure */
  async run<Value>(task: () => Promise<Value>): Promise<Value> {
    const before = this.#last
    const mine = Promise.withResolvers<void>()
    this.#last = mine.promise
    await before
    try {
      return await task()
    } finally {
      mine.resolve()
    }
  }

  /** Resolves when every task given so far has ended. */
  async idle(): Promise<void> {
    await this.#last
  }
}
