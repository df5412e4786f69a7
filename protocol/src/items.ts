import { z } from 'zod'
import { BlobRef } from './blobs.ts'
import { CommandId, ItemId, TerminalId, TurnId } from './ids.ts'

const Time = z.number()

/**
 * Text that may grow while it is produced. `rev` rises whenever the text starts again from nothing.
 *
 * In `sessions.changed` the text may be left out: `kept` then gives its length, and the receiver keeps the text that it
 * has streamed under the same `rev`.
 */
const growing = {
  text: z.string(),
  rev: z.number().int().nonnegative(),
  growing: z.literal(true).optional(),
  kept: z.number().int().nonnegative().optional(),
}

export const TextPart = z.object({
  type: z.literal('text'),
  ...growing,
  /** The whole, where `text` is only its beginning and end. */
  blob: BlobRef.optional(),
})
export const ThinkingPart = z.object({
  type: z.literal('thinking'),
  ...growing,
  /** The whole, where `text` is only its beginning and end. */
  blob: BlobRef.optional(),
  startedAt: Time.optional(),
  endedAt: Time.optional(),
})
export const ImagePart = z.object({ type: z.literal('image'), blob: BlobRef, name: z.string().optional() })
/** A file of the workspace the prompt refers to. */
export const FilePart = z.object({ type: z.literal('file'), path: z.string() })
export const DiffPart = z.object({
  type: z.literal('diff'),
  path: z.string(),
  /** A unified diff. */
  patch: z.string(),
  added: z.number().int().nonnegative(),
  removed: z.number().int().nonnegative(),
  blob: BlobRef.optional(),
})
export const TerminalPart = z.object({ type: z.literal('terminal'), terminal: TerminalId })
export const LinkPart = z.object({ type: z.literal('link'), url: z.string(), title: z.string().optional() })

export type TextPart = z.infer<typeof TextPart>
export type ThinkingPart = z.infer<typeof ThinkingPart>
export type ImagePart = z.infer<typeof ImagePart>
export type FilePart = z.infer<typeof FilePart>
export type DiffPart = z.infer<typeof DiffPart>
export type TerminalPart = z.infer<typeof TerminalPart>
export type LinkPart = z.infer<typeof LinkPart>

/** Input, output and the cost of what a model was asked. Tokens; money in US dollars. */
export const Usage = z.object({
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cacheRead: z.number().nonnegative(),
  cacheWrite: z.number().nonnegative(),
  cost: z.number().nonnegative().optional(),
})
export type Usage = z.infer<typeof Usage>

export const Origin = z.enum(['user', 'queue', 'steer', 'hook', 'background'])
export type Origin = z.infer<typeof Origin>

export const FailureKind = z.enum([
  'auth',
  'rate_limit',
  'overloaded',
  'context',
  'network',
  'sandbox',
  'provider',
  'agent',
])
export type FailureKind = z.infer<typeof FailureKind>

/** How a turn ended; every turn gets exactly one. */
export const Outcome = z.discriminatedUnion('type', [
  z.object({ type: z.literal('done') }),
  z.object({ type: z.literal('token_limit') }),
  z.object({ type: z.literal('refusal') }),
  z.object({ type: z.literal('stopped') }),
  z.object({ type: z.literal('interrupted'), reason: z.string() }),
  z.object({ type: z.literal('failed'), kind: FailureKind, message: z.string() }),
])
export type Outcome = z.infer<typeof Outcome>

const base = {
  id: ItemId,
  /** The session's seq that last touched this item. */
  seq: z.number().int().nonnegative(),
  /** Its place: items are shown by rising index. */
  index: z.number().int().nonnegative(),
  turn: TurnId.optional(),
  /** The tool or task this belongs to, for what sub-agents do. */
  parent: ItemId.optional(),
  createdAt: Time,
  /** A capped copy of what the agent sent, for what is not modelled yet. */
  native: z.unknown().optional(),
}

export const TurnItem = z.object({
  ...base,
  kind: z.literal('turn'),
  origin: Origin,
  startedAt: Time,
  endedAt: Time.optional(),
  outcome: Outcome.optional(),
  usage: Usage.optional(),
  model: z.string().optional(),
  /** Paths the turn's tools changed. */
  touched: z.array(z.string()).optional(),
})

export const UserItem = z.object({
  ...base,
  kind: z.literal('user'),
  parts: z.array(z.discriminatedUnion('type', [TextPart, ImagePart, FilePart])),
  /** Name of the account that wrote it. */
  author: z.string(),
  delivery: z.enum(['prompt', 'steer']),
  command: CommandId.optional(),
})

export const AssistantItem = z.object({
  ...base,
  kind: z.literal('assistant'),
  parts: z.array(z.discriminatedUnion('type', [TextPart, ThinkingPart])),
  model: z.string().optional(),
  stop: z.enum(['end', 'tool', 'token_limit', 'refusal', 'stopped', 'error']).optional(),
  usage: Usage.optional(),
})

export const ToolCategory = z.enum(['read', 'edit', 'delete', 'move', 'search', 'execute', 'fetch', 'think', 'other'])
export type ToolCategory = z.infer<typeof ToolCategory>

export const ToolStatus = z.enum(['pending', 'running', 'done', 'failed', 'cancelled'])
export type ToolStatus = z.infer<typeof ToolStatus>

export const ToolItem = z.object({
  ...base,
  kind: z.literal('tool'),
  call: z.string(),
  name: z.string(),
  /** One line for a person: the command, the path, the pattern. */
  title: z.string(),
  category: ToolCategory,
  /** What the agent passed, capped. */
  input: z.unknown(),
  status: ToolStatus,
  output: z.array(z.discriminatedUnion('type', [TextPart, DiffPart, ImagePart, TerminalPart, LinkPart])),
  touched: z.array(z.string()),
  startedAt: Time.optional(),
  endedAt: Time.optional(),
})

export const RequestOption = z.object({
  id: z.string(),
  label: z.string(),
  /** What choosing it means, for colour and shortcut. */
  effect: z.enum(['allow_once', 'allow_always', 'reject', 'neutral']),
})
export type RequestOption = z.infer<typeof RequestOption>

export const Answer = z.discriminatedUnion('type', [
  z.object({ type: z.literal('option'), option: z.string().max(200), reason: z.string().max(10_000).optional() }),
  z.object({ type: z.literal('text'), text: z.string().max(65_536) }),
  z.object({ type: z.literal('confirm'), confirmed: z.boolean() }),
  z.object({ type: z.literal('cancel') }),
])
export type Answer = z.infer<typeof Answer>

export const RequestItem = z.object({
  ...base,
  kind: z.literal('request'),
  request: z.enum(['permission', 'question', 'choice', 'form', 'dialog', 'plan']),
  title: z.string(),
  message: z.string().optional(),
  options: z.array(RequestOption),
  /** What kind of answer is wanted. */
  wants: z.enum(['option', 'text', 'confirm']),
  /** Text to begin with, for text answers; `multiline` wants an editor instead of a line. */
  prefill: z.string().optional(),
  multiline: z.boolean().optional(),
  placeholder: z.string().optional(),
  /** When the agent stops waiting. */
  deadline: Time.optional(),
  state: z.enum(['open', 'answered', 'withdrawn', 'settled']),
  answer: Answer.optional(),
  answeredBy: z.string().optional(),
  answeredAt: Time.optional(),
})

export const PlanItem = z.object({
  ...base,
  kind: z.literal('plan'),
  entries: z.array(z.object({ text: z.string(), status: z.enum(['pending', 'active', 'done']) })),
})

export const TaskItem = z.object({
  ...base,
  kind: z.literal('task'),
  title: z.string(),
  state: z.enum(['running', 'done', 'failed', 'stopped']),
  endedAt: Time.optional(),
})

export const NoticeCode = z.enum(['retry', 'rate_limit', 'compaction', 'model', 'crash', 'error', 'agent'])
export type NoticeCode = z.infer<typeof NoticeCode>

export const NoticeItem = z.object({
  ...base,
  kind: z.literal('notice'),
  level: z.enum(['info', 'warning', 'error']),
  code: NoticeCode,
  text: z.string(),
  /** More, for those who look: the last lines of stderr, a provider's answer. */
  details: z.string().optional(),
  /** For something that takes time, such as a retry or a compaction. */
  endedAt: Time.optional(),
  running: z.boolean().optional(),
})

export const Item = z.discriminatedUnion('kind', [
  TurnItem,
  UserItem,
  AssistantItem,
  ToolItem,
  RequestItem,
  PlanItem,
  TaskItem,
  NoticeItem,
])
export type Item = z.infer<typeof Item>
export type ItemKind = Item['kind']
export type TurnItem = z.infer<typeof TurnItem>
export type UserItem = z.infer<typeof UserItem>
export type AssistantItem = z.infer<typeof AssistantItem>
export type ToolItem = z.infer<typeof ToolItem>
export type RequestItem = z.infer<typeof RequestItem>
export type PlanItem = z.infer<typeof PlanItem>
export type TaskItem = z.infer<typeof TaskItem>
export type NoticeItem = z.infer<typeof NoticeItem>

/** An item that was undone or rewound: it is told, so that nobody shows it again. */
export const Tombstone = z.object({ id: ItemId, seq: z.number().int().nonnegative(), kind: z.literal('removed') })
export type Tombstone = z.infer<typeof Tombstone>

export const ItemChange = z.union([Item, Tombstone])
export type ItemChange = z.infer<typeof ItemChange>

/** A part whose text may grow. */
export type GrowingPart = TextPart | ThinkingPart
