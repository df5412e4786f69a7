import { type CommandId, type LoginId, LoginInput, OctoError, SetupInput, Username, type User } from '@octo/protocol'
import type { z } from 'zod'
import type { Database } from '../db/index.ts'
import type { Log } from '../lib/log.ts'
import { parseInput } from '../lib/parse-input.ts'
import type { Caller, RoomMethods } from '../mux/room.ts'
import { signAccessToken, verifyAccessToken } from './access-tokens.ts'
import { audit } from './audit.ts'
import { firstResult, runOnce, type CommandRun } from './commands.ts'
import { type Guess, GuessLimits } from './guess-limits.ts'
import type { Credential, Identity, Peer } from './identity.ts'
import type { Keys } from './keys.ts'
import { LiveUses } from './live-uses.ts'
import { endLogins, Logins, type Renewed } from './logins.ts'
import { hashPassword, verifyPassword } from './passwords.ts'
import { claimSetup } from './setup.ts'
import { requireToken, userOfToken } from './tokens.ts'
import { countUsers, findUser, firstAdmin, toUser, userById } from './users.ts'

/** How soon a login or token that another process ended (`octo token revoke`) is noticed; half of what is promised. */
const RECHECK_MS = 1_000
/** A login counts as used while a socket of it is open, and no login ends of disuse within hours. */
const TOUCH_MS = 3_600_000

/** What a browser is given to stay logged in. */
export interface LoggedIn {
  readonly user: User
  readonly accessToken: string
  readonly refreshToken: string
}

export interface AccountsOptions {
  readonly database: Database
  readonly keys: Keys
  readonly idleDays: number
  readonly log: Log
  readonly now?: () => number
}

/** Who may use this octo, and how they prove it. */
export class Accounts {
  readonly #database: Database
  readonly #keys: Keys
  readonly #log: Log
  readonly #logins: Logins
  readonly #live = new LiveUses()
  readonly #setupLimits: GuessLimits
  readonly #loginLimits: GuessLimits
  readonly #setupListeners = new Set<(user: User) => void>()
  readonly #timers: readonly NodeJS.Timeout[]
  #foreignVersion: number

  constructor({ database, keys, idleDays, log, now = () => Date.now() }: AccountsOptions) {
    this.#database = database
    this.#keys = keys
    this.#log = log
    this.#logins = new Logins({ database, keys, idleDays, now, onEnded: (logins) => this.#endUses(logins) })
    this.#setupLimits = new GuessLimits(() => {})
    this.#loginLimits = new GuessLimits((guess) => void this.#auditLimit(guess))
    this.#foreignVersion = database.foreignVersion()
    this.#timers = [
      setInterval(() => this.#lookForForeignWrites(), RECHECK_MS).unref(),
      setInterval(() => this.#recheckUses(), TOUCH_MS).unref(),
    ]
  }

  close(): void {
    for (const timer of this.#timers) clearInterval(timer)
  }

  /** Whether the first admin is still to be made. */
  async needsSetup(): Promise<boolean> {
    return (await countUsers(this.#database.read)) === 0
  }

  countUsers(): Promise<number> {
    return countUsers(this.#database.read)
  }

  async firstAdmin(): Promise<User | null> {
    const row = await firstAdmin(this.#database.read)
    return row === undefined ? null : toUser(row)
  }

  /** Calls `listener` when the first admin was made. */
  onSetup(listener: (user: User) => void): void {
    this.#setupListeners.add(listener)
  }

  /** @throws OctoError `bad_request`, `setup_done`, `invalid_credentials` or `rate_limited` */
  async setUp(body: unknown, peer: Peer): Promise<LoggedIn> {
    const user = await this.#claim(parseInput(SetupInput, body), peer)
    for (const listener of this.#setupListeners) listener(user)
    return this.#loggedIn(await this.#logins.create(user, peer))
  }

  /** @throws OctoError `bad_request`, `invalid_credentials` or `rate_limited` */
  async logIn(body: unknown, peer: Peer): Promise<LoggedIn> {
    const { username, password } = parseInput(LoginInput, body)
    const isName = Username.safeParse(username).success
    const row = isName ? await findUser(this.#database.read, username) : undefined
    const knownAddress = row !== undefined && (await this.#logins.knowsAddress(row.id, peer.address))
    const guess = { address: peer.address, account: isName ? username : '', knownAddress }
    await this.#loginLimits.count(guess)
    const right = await verifyPassword(password, row?.password_hash)
    if (row === undefined || !right) {
      await this.#auditRefusal(row === undefined ? null : toUser(row), peer)
      throw new OctoError('invalid_credentials', 'Name or password is wrong.')
    }
    await this.#loginLimits.right(guess)
    return this.#loggedIn(await this.#logins.create(toUser(row), peer))
  }

  /** @throws OctoError `unauthenticated` if the login is over */
  async refresh(refreshToken: string, peer: Peer): Promise<LoggedIn> {
    return this.#loggedIn(await this.#logins.renew(refreshToken, peer.address))
  }

  /** Ends the login that the cookies prove; without one there is nothing to end. */
  async logOut(cookies: { access: string | undefined; refresh: string | undefined }, peer: Peer): Promise<void> {
    const login =
      (cookies.refresh === undefined ? null : await this.#logins.ofToken(cookies.refresh)) ??
      (cookies.access === undefined ? null : await this.#loginOf(cookies.access))
    if (login !== null) await this.#logins.end(login, peer.address)
  }

  /** @throws OctoError `unauthenticated` if the token is not valid, or its login is over */
  async byAccessToken(token: string): Promise<Identity> {
    const { user, login } = await verifyAccessToken(token, this.#keys.accessKey)
    return { user: await this.#logins.require(login, user), credential: { kind: 'login', id: login } }
  }

  /** @throws OctoError `unauthenticated` if it is no personal access token, or was revoked */
  async byPersonalToken(token: string): Promise<Identity> {
    const { id, user } = await requireToken(this.#database, token)
    return { user, credential: { kind: 'token', id } }
  }

  /**
   * Has `close` called when the login or token ends, or its user's role changes.
   * @returns a function that takes it back
   */
  onEnd(identity: Identity, close: () => void): () => void {
    return this.#live.add(identity, close)
  }

  /** The methods of the room. */
  readonly methods: RoomMethods<'accounts'> = {
    'accounts.me': async (_input, { identity }) => identity.user,
    'accounts.logins': async (_input, { identity }) => ({
      logins: await this.#logins.list(identity.user.id, identity.credential.id),
    }),
    'accounts.logoutEverywhere': async (input, caller) => this.#logOutEverywhere(input, caller),
    'accounts.changePassword': async (input, caller) => this.#changePassword(input, caller),
  }

  async #claim(input: z.infer<typeof SetupInput>, { address }: Peer): Promise<User> {
    try {
      const user = await claimSetup(this.#database, { ...input, address })
      this.#log.info('accounts.set_up', { user: user.id, address })
      return user
    } catch (error) {
      if (error instanceof OctoError && error.code === 'invalid_credentials') {
        // The secret is too long to be guessed; the limit keeps those who try from filling the audit.
        await this.#setupLimits.count({ address, account: 'setup', knownAddress: false })
        await this.#database.write((tables) => audit(tables, { action: 'setup.refused', user: null, address }))
      }
      throw error
    }
  }

  async #logOutEverywhere(input: object, { identity, command, address }: Caller): Promise<{ ended: number }> {
    const { user } = identity
    const run = this.#commandRun(command, { user, method: 'accounts.logoutEverywhere', input })
    let ended: LoginId[] = []
    const result = await runOnce(this.#database, run, async (tables) => {
      ended = await endLogins(tables, user.id)
      await audit(tables, { action: 'logins.ended', user, address, details: { logins: ended.length } })
      return { ended: ended.length }
    })
    // The answer goes out before the socket that asked is closed.
    setImmediate(() => this.#endUses(ended))
    return result
  }

  async #changePassword(input: { current: string; next: string }, { identity, command, address }: Caller) {
    const { user, credential } = identity
    const run = this.#commandRun(command, { user, method: 'accounts.changePassword', input })
    const first = await firstResult(this.#database.read, run)
    if (first !== undefined) return {}
    const passwordHash = await this.#checkedPassword(input, { user, address })
    let ended: LoginId[] = []
    await runOnce(this.#database, run, async (tables) => {
      await tables.updateTable('users').set({ password_hash: passwordHash }).where('id', '=', user.id).execute()
      ended = await endLogins(tables, user.id, credential.kind === 'login' ? credential.id : undefined)
      await audit(tables, { action: 'password.changed', user, address, details: { logins: ended.length } })
      return {}
    })
    this.#endUses(ended)
    return {}
  }

  /** @throws OctoError `invalid_credentials` or `rate_limited`: who found an open browser may not guess either */
  async #checkedPassword(input: { current: string; next: string }, { user, address }: { user: User; address: string }) {
    const guess = { address, account: user.name, knownAddress: true }
    await this.#loginLimits.count(guess)
    const row = await userById(this.#database.read, user.id)
    if (!(await verifyPassword(input.current, row?.password_hash))) {
      await this.#auditRefusal(user, { address, userAgent: '' })
      throw new OctoError('invalid_credentials', 'The current password is wrong.')
    }
    await this.#loginLimits.right(guess)
    return hashPassword(input.next)
  }

  #commandRun(command: CommandId | undefined, call: { user: User; method: string; input: object }): CommandRun {
    if (command === undefined) {
      throw new OctoError('bad_request', `${call.method} is a command: give it a command id, so that it runs once.`)
    }
    const digest = this.#keys.derive('command', `${call.method} ${JSON.stringify(call.input)}`)
    return { user: call.user.id, command, digest }
  }

  async #loggedIn({ user, login, refreshToken }: Renewed): Promise<LoggedIn> {
    const accessToken = await signAccessToken({ user: user.id, login }, this.#keys.accessKey)
    return { user, accessToken, refreshToken }
  }

  async #loginOf(accessToken: string): Promise<LoginId | null> {
    try {
      return (await verifyAccessToken(accessToken, this.#keys.accessKey)).login
    } catch (error) {
      if (error instanceof OctoError) return null
      throw error
    }
  }

  #endUses(logins: readonly LoginId[]): void {
    for (const login of logins) this.#live.end(login)
  }

  #lookForForeignWrites(): void {
    const version = this.#database.foreignVersion()
    if (version === this.#foreignVersion) return
    this.#foreignVersion = version
    this.#recheckUses()
  }

  #recheckUses(): void {
    for (const identity of this.#live.identities()) {
      void this.#recheckIdentity(identity).catch((error: unknown) =>
        this.#log.error('accounts.recheck_failed', { error }),
      )
    }
  }

  async #recheckIdentity({ user, credential }: Identity): Promise<void> {
    const now = await this.#userBehind(credential, user)
    if (now?.role !== user.role) this.#live.end(credential.id)
  }

  async #userBehind(credential: Credential, user: User): Promise<User | null> {
    if (credential.kind === 'control') return user
    if (credential.kind === 'token') return userOfToken(this.#database, credential.id)
    try {
      return await this.#logins.require(credential.id, user.id)
    } catch (error) {
      if (error instanceof OctoError && error.code === 'unauthenticated') return null
      throw error
    }
  }

  async #auditRefusal(user: User | null, { address }: Peer): Promise<void> {
    this.#log.info('accounts.login_refused', { user: user?.id, address })
    await this.#database.write((tables) => audit(tables, { action: 'login.refused', user, address }))
  }

  async #auditLimit({ account, address }: Guess): Promise<void> {
    this.#log.warn('accounts.login_limited', { account, address })
    const details = { account }
    await this.#database.write((tables) => audit(tables, { action: 'login.limited', user: null, address, details }))
  }
}
