import { z } from 'zod'
import { command, query, room } from './define.ts'
import { LoginId, UserId } from './ids.ts'

export const Username = z
  .string()
  .regex(/^[a-z][a-z0-9_-]{1,30}$/u, 'must be 2 to 31 of a-z, 0-9, "_" and "-", beginning with a letter')
export const Password = z.string().min(10, 'must have at least 10 characters').max(256)

export const User = z.object({
  id: UserId,
  name: Username,
  role: z.enum(['viewer', 'member', 'admin']),
  createdAt: z.number(),
})
export type User = z.infer<typeof User>

/** One place where the user is logged in. */
export const Login = z.object({
  id: LoginId,
  createdAt: z.number(),
  lastSeenAt: z.number(),
  userAgent: z.string(),
  address: z.string(),
  current: z.boolean(),
})
export type Login = z.infer<typeof Login>

export const SetupInput = z.object({ secret: z.string().max(128), username: Username, password: Password })
export const LoginInput = z.object({ username: z.string().max(64), password: z.string().max(256) })

export const accounts = room('accounts', {
  side: 'backend',
  role: 'viewer',
  methods: {
    me: query({ about: 'The user who is asking.', input: z.object({}), output: User }),
    logins: query({
      about: 'Where this user is logged in.',
      input: z.object({}),
      output: z.object({ logins: z.array(Login) }),
    }),
    logoutEverywhere: command({
      about: 'Ends every login of this user, this one included, and closes their sockets.',
      input: z.object({}),
      output: z.object({ ended: z.number().int() }),
    }),
    changePassword: command({
      about: 'Sets a new password and ends all other logins.',
      input: z.object({ current: z.string().max(256), next: Password }),
      output: z.object({}),
    }),
  },
  notifications: {},
  routes: [
    {
      method: 'POST',
      path: '/api/accounts/setup',
      about: 'Makes the first admin, with the one-time secret that the first start printed.',
      side: 'backend',
      role: 'anyone',
      input: SetupInput,
      output: User,
    },
    {
      method: 'POST',
      path: '/api/accounts/login',
      about: 'Logs in; the login is kept in cookies.',
      side: 'backend',
      role: 'anyone',
      input: LoginInput,
      output: User,
    },
    {
      method: 'POST',
      path: '/api/accounts/refresh',
      about: 'Renews the short-lived cookie by the refresh cookie.',
      side: 'backend',
      role: 'anyone',
      output: User,
    },
    { method: 'POST', path: '/api/accounts/logout', about: 'Ends this login.', side: 'backend', role: 'anyone' },
    {
      method: 'GET',
      path: '/api/accounts/me',
      about: 'The user who is asking.',
      side: 'backend',
      role: 'viewer',
      output: User,
    },
  ],
})
