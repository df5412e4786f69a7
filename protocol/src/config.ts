import { z } from 'zod'
import { AgentName } from './agents.ts'

const Host = z.string().min(1).max(253)
const Origin = z
  .string()
  .regex(/^https?:\/\/[^/?#@]+$/u, 'must be an origin such as https://octo.example.org, without a path')

/** How an agent is started: `[agents.NAME]`. */
export const AgentConfig = z.strictObject({
  kind: z.enum(['pi']),
  title: z.string().min(1).max(60).optional(),
  /** Program to run; what octo ships for this kind if left out. */
  command: z.string().min(1).optional(),
  args: z.array(z.string()).optional(),
  env: z.record(z.string(), z.string()).optional(),
})
export type AgentConfig = z.infer<typeof AgentConfig>

/** What a runner is told at its start, as a JSON file. */
export const RunnerConfig = z.strictObject({
  agents: z.record(AgentName, AgentConfig).default({ pi: { kind: 'pi' } }),
  terminals: z
    .strictObject({
      /** The login shell of the user if left out. */
      shell: z.string().min(1).optional(),
      scrollbackLines: z.number().int().min(100).max(100_000).default(5_000),
      max: z.number().int().min(1).max(1_000).default(100),
    })
    .prefault({}),
})
export type RunnerConfig = z.infer<typeof RunnerConfig>

/** The whole of `config.toml`. An unknown key is an error, so that a typo never silently means "default". */
export const Config = RunnerConfig.extend({
  server: z
    .strictObject({
      host: Host.default('127.0.0.1'),
      port: z.number().int().min(0).max(65_535).default(7_700),
      /** Further names this server may be asked under, e.g. behind a proxy. */
      hosts: z.array(Host).default([]),
      /** Further origins that may use it, e.g. "https://octo.example.org". */
      origins: z.array(Origin).default([]),
    })
    .prefault({}),
  log: z.strictObject({ level: z.enum(['debug', 'info', 'warn', 'error']).default('info') }).prefault({}),
  accounts: z
    .strictObject({
      /** A login ends after this many days without use. */
      idleDays: z.number().int().min(1).max(365).default(30),
    })
    .prefault({}),
})
export type Config = z.infer<typeof Config>
