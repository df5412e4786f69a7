import type { Worker } from 'node:worker_threads'
import { OctoError } from '@octo/protocol'
import type { Failure, FromWorker, OperationName, Operations, ToWorker, WorkerAnswer } from './operations.ts'

/** Calls that may wait for the worker. A disk that is so slow that more wait makes new calls fail instead. */
const MAX_WAITING = 4_096

type Opened = Extract<FromWorker, { type: 'opened' }>

interface Waiting {
  readonly resolve: (value: unknown) => void
  readonly reject: (error: Error) => void
}

/** Calls into the store's thread, matched to their answers by number. When the thread dies, every call fails. */
export class WorkerLink {
  readonly opened: Promise<Opened>
  readonly #worker: Worker
  readonly #waiting = new Map<number, Waiting>()
  readonly #opening = Promise.withResolvers<Opened>()
  readonly #closed = Promise.withResolvers<void>()
  #state: 'open' | 'closing' | 'lost' = 'open'
  #calls = 0

  constructor(worker: Worker, onLost: (error: Error) => void) {
    this.#worker = worker
    this.opened = this.#opening.promise
    worker.on('message', (message: FromWorker) => this.#take(message))
    worker.on('error', (error: Error) => this.#lose(error, onLost))
    worker.on('exit', (code) => this.#lose(new Error(`The store's thread ended with code ${code}.`), onLost))
  }

  /**
   * Runs an operation in the worker.
   * @throws OctoError `overloaded` when too many calls wait already, `no_space` when the disk is full
   */
  async call<Name extends OperationName>(
    name: Name,
    ...args: Parameters<Operations[Name]>
  ): Promise<ReturnType<Operations[Name]>> {
    if (this.#state === 'closing') throw new OctoError('runner_unavailable', 'The runner is shutting down.')
    if (this.#state === 'lost') throw new Error('The store is lost.')
    if (this.#waiting.size >= MAX_WAITING) {
      throw new OctoError('overloaded', 'The disk is too slow for all that is asked. Try again soon.')
    }
    this.#calls += 1
    const id = this.#calls
    const answer = Promise.withResolvers<unknown>()
    this.#waiting.set(id, answer)
    this.#send({ type: 'call', id, name, args })
    return (await answer.promise) as ReturnType<Operations[Name]>
  }

  /** Ends the thread after everything that was asked before. */
  async close(): Promise<void> {
    if (this.#state === 'open') {
      this.#state = 'closing'
      this.#send({ type: 'close' })
    }
    await this.#closed.promise
  }

  #send(message: ToWorker): void {
    this.#worker.postMessage(message)
  }

  #take(message: FromWorker): void {
    switch (message.type) {
      case 'opened':
        this.#opening.resolve(message)
        return
      case 'refused':
        this.#state = 'closing'
        this.#opening.reject(toError(message.failure))
        return
      case 'answers':
        for (const answer of message.answers) this.#settle(answer)
        return
      case 'closed':
        this.#closed.resolve()
    }
  }

  #settle(answer: WorkerAnswer): void {
    const waiting = this.#waiting.get(answer.id)
    this.#waiting.delete(answer.id)
    if (answer.ok) waiting?.resolve(answer.value)
    else waiting?.reject(toError(answer.failure))
  }

  #lose(error: Error, onLost: (error: Error) => void): void {
    this.#opening.reject(error)
    this.#closed.resolve()
    if (this.#state !== 'open') return
    this.#state = 'lost'
    for (const { reject } of this.#waiting.values()) reject(error)
    this.#waiting.clear()
    onLost(error)
  }
}

function toError(failure: Failure): Error {
  if (failure.type === 'known') return new OctoError(failure.code, failure.message)
  const error = new Error(failure.message)
  if (failure.stack !== undefined) error.stack = failure.stack
  return error
}
