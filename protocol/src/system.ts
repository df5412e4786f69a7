import { z } from 'zod'
import { notification, query, room } from './define.ts'
import { RunnerName } from './envelope.ts'
import { ClientId, Epoch } from './ids.ts'
import { User } from './accounts.ts'

export const Limits = z.object({
  frameBytes: z.number(),
  promptChars: z.number(),
  blobBytes: z.number(),
  editableBytes: z.number(),
  terminalWindowBytes: z.number(),
})
export type Limits = z.infer<typeof Limits>

export const RunnerState = z.enum(['starting', 'ready', 'lost'])
export type RunnerState = z.infer<typeof RunnerState>

export const RunnerStatus = z.object({
  runner: RunnerName,
  state: RunnerState,
  /** Changes when the runner process changed, so that a client knows to reopen what it had there. */
  epoch: Epoch.optional(),
  version: z.string().optional(),
  capabilities: z.array(z.string()),
  /** Why it is lost, and what to do. */
  reason: z.string().optional(),
})
export type RunnerStatus = z.infer<typeof RunnerStatus>

export const system = room('system', {
  side: 'backend',
  role: 'viewer',
  methods: {
    hello: query({
      about: 'Opens the conversation; must be the first request on a socket.',
      input: z.object({ version: z.number().int().positive(), client: ClientId }),
      output: z.object({
        version: z.number().int(),
        build: z.string(),
        user: User,
        capabilities: z.array(z.string()),
        limits: Limits,
        heartbeatMs: z.number(),
        runners: z.array(RunnerStatus),
      }),
    }),
    ping: query({
      about: 'Heartbeat of the client; a socket that is silent for three beats is cut.',
      input: z.object({}),
      output: z.object({}),
    }),
  },
  notifications: {
    runner: notification({
      about: 'A runner of this user came, went or changed; reopen there what you had open.',
      params: RunnerStatus,
    }),
  },
  routes: [
    {
      method: 'GET',
      path: '/api/health',
      about: 'Says that the server lives.',
      side: 'backend',
      role: 'anyone',
      output: z.object({ ok: z.literal(true), version: z.string(), setup: z.boolean() }),
    },
    {
      method: 'GET',
      path: '/api/protocol',
      about: 'Every method, notification and route with its JSON Schema, role and side.',
      side: 'backend',
      role: 'anyone',
    },
    {
      method: 'GET',
      path: '/api/ws/mux',
      about: 'The WebSocket over which calls, changes and streams flow.',
      side: 'backend',
      role: 'viewer',
    },
    {
      method: 'POST',
      path: '/api/call/:method',
      about:
        'Any method as one request, for scripts: params as body, command id as Idempotency-Key, `{result}` or `{error}` as answer.',
      side: 'backend',
      role: 'viewer',
    },
  ],
})
