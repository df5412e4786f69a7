import { issueText, LoginInput, OctoError, parseJson, SetupInput } from '@octo/protocol'
import type { Context, Hono } from 'hono'
import type { z } from 'zod'
import type { HttpEnv } from '../http-env.ts'
import type { AccessTokens } from './access-token.ts'
import type { Accounts, Entry } from './accounts.ts'
import { clearCookies, readRefreshCookie, writeCookies } from './cookies.ts'
import type { Logins, Origin } from './logins.ts'

interface Parts {
  readonly accounts: Accounts
  readonly logins: Logins
  readonly access: AccessTokens
}

/** The routes that set and clear cookies; everything else about accounts is methods. */
export function accountRoutes(app: Hono<HttpEnv>, { accounts, logins, access }: Parts): void {
  const enter = async (context: Context<HttpEnv>, entry: Entry): Promise<Response> => {
    writeCookies(context, { access: await access.sign(entry.login), refresh: entry.refresh })
    return context.json(entry.user)
  }

  app.post('/api/accounts/setup', async (context) => {
    return enter(context, await accounts.setUp(await body(context, SetupInput), originOf(context)))
  })

  app.post('/api/accounts/login', async (context) => {
    return enter(context, await accounts.logIn(await body(context, LoginInput), originOf(context)))
  })

  app.post('/api/accounts/refresh', async (context) => {
    const token = readRefreshCookie(context)
    if (token === undefined) throw new OctoError('unauthenticated', 'You are not logged in.')
    const fresh = await logins.refresh(token).catch((error: unknown) => {
      clearCookies(context)
      throw error
    })
    const identity = await logins.find(fresh.login)
    if (identity === null) throw new OctoError('unauthenticated', 'This login has ended. Log in again.')
    return enter(context, { ...fresh, user: identity.user })
  })

  app.post('/api/accounts/logout', async (context) => {
    const { login } = await context.var.caller()
    if (login !== null) await logins.end([login])
    clearCookies(context)
    return context.body(null, 204)
  })

  app.get('/api/accounts/me', async (context) => context.json((await context.var.caller()).user))
}

function originOf(context: Context<HttpEnv>): Origin {
  return { address: context.var.address, userAgent: context.req.header('user-agent') ?? '' }
}

async function body<Schema extends z.ZodType>(context: Context<HttpEnv>, schema: Schema): Promise<z.output<Schema>> {
  const parsed = schema.safeParse(parseJson(await context.req.text()))
  if (!parsed.success) throw new OctoError('bad_request', issueText(parsed.error))
  return parsed.data
}
