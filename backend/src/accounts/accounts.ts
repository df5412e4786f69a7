import { OctoError, randomId, type User } from '@octo/protocol'
import type { Kysely } from 'kysely'
import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import type { Database } from '../db/schema.ts'
import { audit } from './audit.ts'
import { type FreshLogin, type Logins, type Origin, toUser } from './logins.ts'
import { checkPassword, hashPassword } from './passwords.ts'
import { hashSecret, matchesHash, randomSecret } from './secrets.ts'

/** Wrong guesses per minute: a person mistypes a few times, a script tries thousands. */
const GUESSES_PER_ACCOUNT = 10
const GUESSES_PER_ADDRESS = 30
const WINDOW_SECONDS = 60

const SETUP_SECRET = 'setup_secret_hash'

export interface Entry extends FreshLogin {
  readonly user: User
}

/** Users and how they prove who they are. */
export class Accounts {
  readonly #db: Kysely<Database>
  readonly #logins: Logins
  readonly #byAccount = new RateLimiterMemory({ points: GUESSES_PER_ACCOUNT, duration: WINDOW_SECONDS })
  readonly #byAddress = new RateLimiterMemory({ points: GUESSES_PER_ADDRESS, duration: WINDOW_SECONDS })

  constructor(db: Kysely<Database>, logins: Logins) {
    this.#db = db
    this.#logins = logins
  }

  /** Whether nobody has made the first account yet. */
  async needsSetup(): Promise<boolean> {
    return (await this.count()) === 0
  }

  async count(): Promise<number> {
    const { count } = await this.#db
      .selectFrom('users')
      .select(({ fn }) => fn.countAll().as('count'))
      .executeTakeFirstOrThrow()
    return Number(count)
  }

  /** Makes a new secret for the first account; the one before it is worth nothing any more. */
  async newSetupSecret(): Promise<string> {
    const secret = randomSecret()
    const value = hashSecret(secret)
    await this.#db
      .insertInto('settings')
      .values({ name: SETUP_SECRET, value })
      .onConflict((conflict) => conflict.column('name').doUpdateSet({ value }))
      .execute()
    return secret
  }

  /**
   * Makes the first account, an admin, and logs it in. Of several who try at once, one succeeds.
   * @throws OctoError `setup_done` if there is an account, `forbidden` if the secret is wrong
   */
  async setUp(
    input: { readonly secret: string; readonly username: string; readonly password: string },
    origin: Origin,
  ): Promise<Entry> {
    await consume(this.#byAddress, origin.address)
    if (!(await this.needsSetup())) throw setupDone()
    const stored = await this.#db
      .selectFrom('settings')
      .select('value')
      .where('name', '=', SETUP_SECRET)
      .executeTakeFirst()
    if (stored === undefined || !matchesHash(input.secret, stored.value)) {
      throw new OctoError(
        'forbidden',
        'This set-up secret is not valid. Use the address that octo printed at its last start.',
      )
    }
    const hash = await hashPassword(input.password)
    const user = await this.#db.transaction().execute(async (transaction) => {
      // Whoever takes the secret away may make the account; there is only one to take.
      const { numDeletedRows } = await transaction
        .deleteFrom('settings')
        .where('name', '=', SETUP_SECRET)
        .executeTakeFirst()
      if (numDeletedRows !== 1n) throw setupDone()
      return insertUser(transaction, { name: input.username, role: 'admin', hash })
    })
    await audit(this.#db, { action: 'setup', actor: user.name, address: origin.address })
    return { user, ...(await this.#logins.begin(user.id, origin)) }
  }

  /**
   * Makes an account.
   * @throws OctoError `exists` if the name is taken
   */
  async create(input: {
    readonly name: string
    readonly role: User['role']
    readonly password: string
  }): Promise<User> {
    const hash = await hashPassword(input.password)
    const taken = await this.#db.selectFrom('users').select('id').where('name', '=', input.name).executeTakeFirst()
    if (taken !== undefined)
      throw new OctoError('exists', `There is a user "${input.name}" already. Choose another name.`)
    const user = await insertUser(this.#db, { name: input.name, role: input.role, hash })
    await audit(this.#db, {
      action: 'user_created',
      actor: null,
      address: null,
      details: { name: user.name, role: user.role },
    })
    return user
  }

  /** @throws OctoError `invalid_credentials`, or `rate_limited` after too many wrong guesses */
  async logIn(input: { readonly username: string; readonly password: string }, origin: Origin): Promise<Entry> {
    await consume(this.#byAddress, origin.address)
    await consume(this.#byAccount, input.username)
    const row = await this.#db.selectFrom('users').selectAll().where('name', '=', input.username).executeTakeFirst()
    const matches = await checkPassword(input.password, row?.password_hash)
    if (!matches || row === undefined) {
      await audit(this.#db, { action: 'login_failed', actor: input.username, address: origin.address })
      throw new OctoError('invalid_credentials', 'The user name or the password is wrong.')
    }
    await this.#byAccount.delete(input.username)
    await audit(this.#db, { action: 'login', actor: row.name, address: origin.address })
    return { user: toUser(row), ...(await this.#logins.begin(row.id, origin)) }
  }

  /**
   * Sets a new password and ends all other logins of the user.
   * @throws OctoError `invalid_credentials` if the current one is wrong
   */
  async changePassword(
    user: User,
    input: { readonly current: string; readonly next: string },
    keep: string | null,
  ): Promise<void> {
    await consume(this.#byAccount, user.name)
    const row = await this.#db.selectFrom('users').select('password_hash').where('id', '=', user.id).executeTakeFirst()
    if (!(await checkPassword(input.current, row?.password_hash))) {
      throw new OctoError('invalid_credentials', 'The current password is wrong.')
    }
    const hash = await hashPassword(input.next)
    await this.#db.updateTable('users').set({ password_hash: hash }).where('id', '=', user.id).execute()
    await this.#logins.endOfUser(user.id, keep)
    await audit(this.#db, { action: 'password_changed', actor: user.name, address: null })
  }
}

async function insertUser(
  db: Kysely<Database>,
  input: { readonly name: string; readonly role: User['role']; readonly hash: string },
): Promise<User> {
  const row = {
    id: randomId('usr'),
    name: input.name,
    role: input.role,
    password_hash: input.hash,
    created_at: Date.now(),
  }
  await db.insertInto('users').values(row).execute()
  return toUser(row)
}

function setupDone(): OctoError {
  return new OctoError('setup_done', 'octo has been set up already. Log in instead.')
}

async function consume(limiter: RateLimiterMemory, key: string): Promise<void> {
  try {
    await limiter.consume(key)
  } catch (refusal) {
    if (!(refusal instanceof RateLimiterRes)) throw refusal
    const seconds = Math.ceil(refusal.msBeforeNext / 1_000)
    throw new OctoError('rate_limited', `Too many attempts. Try again in ${seconds} seconds.`, { details: { seconds } })
  }
}
