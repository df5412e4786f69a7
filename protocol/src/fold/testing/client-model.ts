import type { MissingText } from '../parts.ts'
import {
  type Applied,
  applyChanged,
  applyOpen,
  applyPage,
  applyRead,
  applyTail,
  emptySessionView,
  type SessionView,
} from '../session.ts'
import type { Announcement, RunnerModel } from './runner-model.ts'

/** Reads and pages a test may need at most; beyond, the client would go on for ever. */
const PATIENCE = 1_000

/** A client that folds what reaches it, and asks for what the fold says is missing. */
export class ClientModel {
  view: SessionView = emptySessionView
  readonly #runner: RunnerModel
  /** Up to where announcements were delivered in their order. */
  cursor = 0
  #missing: MissingText[] = []

  constructor(runner: RunnerModel) {
    this.#runner = runner
  }

  take(announcement: Announcement): void {
    switch (announcement.type) {
      case 'changed':
        this.#apply(applyChanged(this.view, announcement.notice))
        return
      case 'tail':
        this.#apply(applyTail(this.view, announcement.notice))
    }
  }

  open(window: number): void {
    for (let turn = 0, more = true; more; turn += 1) {
      if (turn > PATIENCE) throw new Error('Opening never ends.')
      const { epoch, seq } = this.view
      const reply = this.#runner.open(epoch === null ? { window } : { window, epoch, after: seq })
      // What an open says is missing is all that is.
      this.#missing = []
      this.#apply(applyOpen(this.view, reply))
      ;({ more } = reply)
    }
    this.cursor = this.#runner.announced.length
  }

  /** Asks for what is missing; the answers may come later. */
  ask(): (() => void)[] {
    const asked = this.#missing
    this.#missing = []
    return asked.map((missing) => {
      const reply = this.#runner.read(missing)
      return () => {
        if (reply !== null) this.#apply(applyRead(this.view, missing, reply))
      }
    })
  }

  readAll(): void {
    for (let turn = 0; this.#missing.length > 0; turn += 1) {
      if (turn > PATIENCE) throw new Error('Reading never ends.')
      for (const answered of this.ask()) answered()
    }
  }

  /** Asks for the page before what is held; the answer may come later. */
  askPage(): () => void {
    if (!this.view.older) return () => {}
    const reply = this.#runner.page(this.view.floor)
    return () => this.#apply(applyPage(this.view, reply))
  }

  pageToTheBeginning(): void {
    for (let turn = 0; this.view.older; turn += 1) {
      if (turn > PATIENCE) throw new Error('Paging never ends.')
      this.askPage()()
    }
  }

  #apply({ view, missing }: Applied): void {
    this.view = view
    this.#missing.push(...missing)
  }
}
