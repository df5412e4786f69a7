import {
  applyChanged,
  applyOpen,
  applyRead,
  applyTail,
  emptySessionView,
  type Item,
  type ItemKind,
  type MissingText,
  type Notice,
  type NotificationName,
  notifications,
  type Session,
  sessions,
  type SessionId,
  type SessionView,
} from '@octo/protocol'
import { fakeCaller } from '../../wire/testing/fake-caller.ts'
import { FakeConnection } from '../../wire/testing/fake-connection.ts'
import type { SessionsRoom } from '../index.ts'

/** A connection that watches one session as a browser does: through the protocol's own fold. */
export class Watcher extends FakeConnection {
  view: SessionView = emptySessionView
  /** Times that changes were missing, and texts that had to be asked for; both are 0 on a link that holds. */
  gaps = 0
  readonly missing: MissingText[] = []
  readonly #room: SessionsRoom
  readonly #session: SessionId

  constructor(room: SessionsRoom, session: SessionId) {
    super()
    this.#room = room
    this.#session = session
  }

  /** Opens the session, or opens it again where this watcher stands. */
  async open(window = 100): Promise<this> {
    for (;;) {
      const { epoch, seq } = this.view
      const cursor = epoch === null ? {} : { after: seq, epoch }
      const input = { session: this.#session, window, ...cursor }
      const reply = await this.#room.methods['sessions.open'](input, fakeCaller(this))
      sessions.methods['sessions.open'].output.parse(reply)
      this.view = applyOpen(this.view, reply).view
      if (!reply.more) return this
    }
  }

  /** Asks for the texts that are missing. */
  async fill(): Promise<void> {
    for (let next = this.missing.shift(); next !== undefined; next = this.missing.shift()) {
      const reply = await this.#room.methods['sessions.read']({ session: this.#session, ...next }, fakeCaller(this))
      const applied = applyRead(this.view, next, reply)
      this.view = applied.view
      this.missing.push(...applied.missing)
    }
  }

  override notify<Name extends NotificationName>(name: Name, params: Notice<Name>): void {
    notifications[name].params.parse(params)
    if (name === 'sessions.changed') this.#apply(applyChanged(this.view, params as Notice<'sessions.changed'>))
    if (name === 'sessions.tail') this.#apply(applyTail(this.view, params as Notice<'sessions.tail'>))
    super.notify(name, params)
  }

  get session(): Session {
    if (this.view.session === null) throw new Error('The session was not opened.')
    return this.view.session
  }

  items<Kind extends ItemKind>(kind: Kind): Extract<Item, { kind: Kind }>[] {
    return this.view.items.filter((item) => item.kind === kind) as Extract<Item, { kind: Kind }>[]
  }

  /** Everything the agent said, as text. */
  get said(): string[] {
    return this.items('assistant').flatMap(({ parts }) =>
      parts.flatMap((part) => (part.type === 'text' ? [part.text] : [])),
    )
  }

  /** How each turn ended; `undefined` for one that runs. */
  get outcomes(): (string | undefined)[] {
    return this.items('turn').map(({ outcome }) => outcome?.type)
  }

  /** Resolves when so many turns have ended and nothing runs. */
  async turnsEnded(count: number): Promise<void> {
    const resting = new Set(['idle', 'failed', 'interrupted'])
    await this.until(
      () =>
        resting.has(this.session.state) &&
        this.outcomes.filter((outcome) => outcome !== undefined).length >= count &&
        !this.outcomes.includes(undefined),
    )
  }

  #apply(applied: { view: SessionView; gap: boolean; missing: readonly MissingText[] }): void {
    this.view = applied.view
    if (applied.gap) this.gaps += 1
    this.missing.push(...applied.missing)
  }
}
