import { OctoError } from '@octo/protocol'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'

/** Enough for somebody who tries their three old passwords twice; at this rate no password of ten characters is found. */
const GUESSES = 10
const PER_SECONDS = 60

/** What a guess counts against. */
export interface Guess {
  readonly address: string
  /** The account it is aimed at. */
  readonly account: string
  /** Whether the account was logged in to from this address before: strangers cannot lock its owner out there. */
  readonly knownAddress: boolean
}

/**
 * Limits wrong guesses, per address and per account. A guess is counted before it is looked at, so that many at once
 * are no way around, and given back when it was right.
 */
export class GuessLimits {
  readonly #perAddress = new RateLimiterMemory({ points: GUESSES, duration: PER_SECONDS })
  readonly #perAccount = new RateLimiterMemory({ points: GUESSES, duration: PER_SECONDS })
  readonly #onLimit: (guess: Guess) => void

  /** @param onLimit called for the first of the guesses that are refused in a row, not for each */
  constructor(onLimit: (guess: Guess) => void) {
    this.#onLimit = onLimit
  }

  /** @throws OctoError `rate_limited`, with the seconds to wait */
  async count(guess: Guess): Promise<void> {
    await this.#consume(this.#perAddress, guess.address, guess)
    await this.#consume(this.#perAccount, accountKey(guess), guess)
  }

  /** Takes a guess back that was right. */
  async right(guess: Guess): Promise<void> {
    await this.#perAddress.reward(guess.address)
    await this.#perAccount.reward(accountKey(guess))
  }

  async #consume(limiter: RateLimiterMemory, key: string, guess: Guess): Promise<void> {
    try {
      await limiter.consume(key)
    } catch (refusal) {
      // The library rejects with a plain object when the limit is reached, and with an error only when it failed.
      if (refusal instanceof Error) throw refusal
      const { msBeforeNext, consumedPoints } = refusal as RateLimiterRes
      if (consumedPoints === GUESSES + 1) this.#onLimit(guess)
      const seconds = Math.max(1, Math.ceil(msBeforeNext / 1_000))
      throw new OctoError('rate_limited', `Too many wrong attempts. Try again in ${seconds} s.`, {
        details: { seconds },
      })
    }
  }
}

function accountKey({ account, address, knownAddress }: Guess): string {
  return knownAddress ? `${account} ${address}` : account
}
