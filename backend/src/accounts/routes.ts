import type { ServerResponse } from 'node:http'
import { OctoError } from '@octo/protocol'
import { clearedCookies, type Cookies, loginCookies } from '../gate/index.ts'
import { type Exchange, type OpenHandler, readJson, sendJson, type UserHandler } from '../http/index.ts'
import { ACCESS_TOKEN_SECONDS } from './access-tokens.ts'
import type { Accounts, LoggedIn } from './accounts.ts'

/** A name and a password. */
const MAX_BODY_BYTES = 4_096

const DAY_SECONDS = 86_400

export interface AccountRoutes {
  readonly open: Readonly<Record<string, OpenHandler>>
  readonly user: Readonly<Record<string, UserHandler>>
}

/** The HTTP routes of the room: where logins begin, go on and end. */
export function accountRoutes(accounts: Accounts, idleDays: number): AccountRoutes {
  const answer = ({ response, secure }: Exchange, { user, accessToken, refreshToken }: LoggedIn): void => {
    const seconds = { accessSeconds: ACCESS_TOKEN_SECONDS, refreshSeconds: idleDays * DAY_SECONDS }
    response.setHeader('set-cookie', loginCookies({ accessToken, refreshToken, ...seconds }, secure))
    sendJson(response, user)
  }
  return {
    open: {
      'POST /api/accounts/setup': async (exchange) => {
        answer(exchange, await accounts.setUp(await readJson(exchange.request, MAX_BODY_BYTES), exchange.peer))
      },
      'POST /api/accounts/login': async (exchange) => {
        answer(exchange, await accounts.logIn(await readJson(exchange.request, MAX_BODY_BYTES), exchange.peer))
      },
      'POST /api/accounts/refresh': async (exchange) => {
        const { refresh } = cookiesOf(exchange)
        if (refresh === undefined) throw new OctoError('unauthenticated', 'You are not logged in.')
        answer(exchange, await accounts.refresh(refresh, exchange.peer))
      },
      'POST /api/accounts/logout': async (exchange) => {
        await accounts.logOut(cookiesOf(exchange), exchange.peer)
        clearCookies(exchange.response, exchange.secure)
        sendJson(exchange.response, {})
      },
    },
    user: {
      'GET /api/accounts/me': async ({ response, identity }) => sendJson(response, identity.user),
    },
  }
}

function cookiesOf({ claim }: Exchange): Cookies {
  return claim.kind === 'cookies' ? claim.cookies : { access: undefined, refresh: undefined }
}

function clearCookies(response: ServerResponse, secure: boolean): void {
  response.setHeader('set-cookie', clearedCookies(secure))
}
