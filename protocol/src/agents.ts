import { z } from 'zod'
import { query, room } from './define.ts'

export const AgentName = z.string().regex(/^[a-z][a-z0-9-]{0,30}$/u, 'must be a short lower-case name')
export type AgentName = z.infer<typeof AgentName>

/** What an agent can do. A client offers exactly that: an absent capability is an absent button. */
export const Capabilities = z.object({
  /** Takes a message in the middle of a turn. */
  steer: z.boolean(),
  /** Takes images in a prompt. */
  images: z.boolean(),
  /** Can list and switch models. */
  models: z.boolean(),
  /** Levels of thinking effort that can be set, from least to most; empty if none. */
  efforts: z.array(z.string()),
  /** Permission modes that can be set; empty if none. */
  modes: z.array(z.object({ id: z.string(), title: z.string() })),
  compact: z.boolean(),
  fork: z.boolean(),
  /** Offers slash commands. */
  commands: z.boolean(),
  /** Goes on with its own history after its process ended. */
  resume: z.boolean(),
})
export type Capabilities = z.infer<typeof Capabilities>

export const Agent = z.object({
  name: AgentName,
  title: z.string(),
  kind: z.string(),
  installed: z.boolean(),
  version: z.string().optional(),
  /** Whether a prompt can be sent now. */
  ready: z.boolean(),
  /** Why it is not ready, and what to do. */
  problem: z.string().optional(),
  /** What it can do, as far as that is known before a session of it has started. */
  capabilities: Capabilities,
})
export type Agent = z.infer<typeof Agent>

export const agents = room('agents', {
  side: 'runner',
  role: 'member',
  methods: {
    list: query({
      about: 'The configured agents, and which of them are ready.',
      input: z.object({}),
      output: z.object({ agents: z.array(Agent) }),
    }),
  },
  notifications: {},
})
