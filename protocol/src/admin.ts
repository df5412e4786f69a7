import { z } from 'zod'
import { query, room } from './define.ts'
import { Epoch, UserId } from './ids.ts'
import { RunnerStatus } from './system.ts'

export const ProcessStatus = z.object({
  pid: z.number().int(),
  version: z.string(),
  startedAt: z.number(),
  memoryBytes: z.number(),
})

export const RunnerCounts = z.object({
  sessions: z.number().int(),
  working: z.number().int(),
  terminals: z.number().int(),
  workspaces: z.number().int(),
})
export type RunnerCounts = z.infer<typeof RunnerCounts>

/** What a runner says of itself at `GET /api/health` on its own socket. */
export const RunnerHealth = ProcessStatus.extend({
  ok: z.literal(true),
  protocol: z.number().int(),
  /** Made anew by each runner process. */
  epoch: Epoch,
  counts: RunnerCounts,
})
export type RunnerHealth = z.infer<typeof RunnerHealth>

export const Status = z.object({
  backend: ProcessStatus.extend({ url: z.string(), users: z.number().int(), sockets: z.number().int() }),
  runners: z.array(
    RunnerStatus.extend({
      user: UserId,
      name: z.string(),
      process: ProcessStatus.optional(),
      counts: RunnerCounts.optional(),
    }),
  ),
})
export type Status = z.infer<typeof Status>

export const admin = room('admin', {
  side: 'backend',
  role: 'admin',
  methods: {
    status: query({ about: 'Versions, processes, runners, counts and memory.', input: z.object({}), output: Status }),
  },
  notifications: {},
})
