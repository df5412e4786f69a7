import { z } from 'zod'

/** What pi 0.87 says on its stdout in RPC mode, as far as it is used. Everything may have more than is named here. */

const Cost = z.looseObject({ total: z.number().nonnegative() })
export const NativeUsage = z.looseObject({
  input: z.number().nonnegative(),
  output: z.number().nonnegative(),
  cacheRead: z.number().nonnegative(),
  cacheWrite: z.number().nonnegative(),
  cost: Cost.optional(),
})
export type NativeUsage = z.infer<typeof NativeUsage>

/** Blocks of a message; which members are there depends on `type`. */
export const Block = z.looseObject({
  type: z.string(),
  text: z.string().optional(),
  thinking: z.string().optional(),
  id: z.string().optional(),
  name: z.string().optional(),
  arguments: z.unknown().optional(),
  data: z.string().optional(),
  mimeType: z.string().optional(),
})
export type Block = z.infer<typeof Block>

const Content = z
  .union([z.string(), z.array(Block), z.null()])
  .optional()
  .transform((content): Block[] => {
    if (content === null || content === undefined) return []
    return typeof content === 'string' ? [{ type: 'text', text: content }] : content
  })

export const Message = z.looseObject({
  role: z.string(),
  content: Content,
  provider: z.string().optional(),
  model: z.string().optional(),
  usage: NativeUsage.optional(),
  stopReason: z.string().optional(),
  rawStopReason: z.string().optional(),
  errorMessage: z.string().optional(),
  display: z.boolean().optional(),
})
export type Message = z.infer<typeof Message>

const at = { contentIndex: z.number().int().nonnegative().max(10_000) }
const ToolCall = z.looseObject({ id: z.string(), name: z.string(), arguments: z.unknown().optional() })

export const Update = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('text_start'), ...at }),
  z.looseObject({ type: z.literal('text_delta'), ...at, delta: z.string() }),
  z.looseObject({ type: z.literal('text_end'), ...at, content: z.string() }),
  z.looseObject({ type: z.literal('thinking_start'), ...at }),
  z.looseObject({ type: z.literal('thinking_delta'), ...at, delta: z.string() }),
  z.looseObject({ type: z.literal('thinking_end'), ...at, content: z.string() }),
  z.looseObject({ type: z.literal('toolcall_start'), ...at, id: z.string(), toolName: z.string() }),
  z.looseObject({ type: z.literal('toolcall_delta'), ...at, delta: z.string() }),
  z.looseObject({ type: z.literal('toolcall_end'), ...at, toolCall: ToolCall }),
])
export type Update = z.infer<typeof Update>

export const ToolResult = z.looseObject({
  content: Content,
  details: z.looseObject({ patch: z.string().optional() }).nullish(),
})
export type ToolResult = z.infer<typeof ToolResult>

const call = { toolCallId: z.string(), toolName: z.string() }

export const NativeModel = z.looseObject({
  id: z.string(),
  name: z.string().optional(),
  provider: z.string(),
  contextWindow: z.number().positive().optional(),
  reasoning: z.boolean().optional(),
})
export type NativeModel = z.infer<typeof NativeModel>

/** A dialog or message of an extension; which members are there depends on `method`. */
export const UiRequest = z.looseObject({
  type: z.literal('extension_ui_request'),
  id: z.string(),
  method: z.string(),
  title: z.string().optional(),
  message: z.string().optional(),
  options: z.array(z.string()).optional(),
  placeholder: z.string().optional(),
  prefill: z.string().optional(),
  timeout: z.number().positive().optional(),
  notifyType: z.string().optional(),
})
export type UiRequest = z.infer<typeof UiRequest>

export const Response = z.looseObject({
  type: z.literal('response'),
  id: z.string().optional(),
  command: z.string(),
  success: z.boolean(),
  data: z.unknown().optional(),
  error: z.string().optional(),
})
export type Response = z.infer<typeof Response>

export const PiEvent = z.discriminatedUnion('type', [
  z.looseObject({ type: z.literal('agent_start') }),
  z.looseObject({ type: z.literal('agent_settled') }),
  z.looseObject({ type: z.literal('message_start'), message: Message }),
  z.looseObject({ type: z.literal('message_update'), assistantMessageEvent: Update }),
  z.looseObject({ type: z.literal('message_end'), message: Message }),
  z.looseObject({ type: z.literal('tool_execution_start'), ...call, args: z.unknown().optional() }),
  z.looseObject({ type: z.literal('tool_execution_update'), ...call, partialResult: ToolResult }),
  z.looseObject({ type: z.literal('tool_execution_end'), ...call, result: ToolResult, isError: z.boolean() }),
  z.looseObject({ type: z.literal('queue_update'), steering: z.array(z.string()) }),
  z.looseObject({ type: z.literal('session_info_changed'), name: z.string().optional() }),
  z.looseObject({ type: z.literal('thinking_level_changed'), level: z.string() }),
  z.looseObject({
    type: z.literal('auto_retry_start'),
    attempt: z.number(),
    maxAttempts: z.number(),
    delayMs: z.number(),
    errorMessage: z.string(),
  }),
  z.looseObject({ type: z.literal('auto_retry_end'), success: z.boolean(), finalError: z.string().optional() }),
  z.looseObject({ type: z.literal('compaction_start'), reason: z.string() }),
  z.looseObject({
    type: z.literal('compaction_end'),
    result: z
      .looseObject({
        summary: z.string(),
        tokensBefore: z.number().optional(),
        estimatedTokensAfter: z.number().optional(),
        usage: NativeUsage.optional(),
      })
      .nullish(),
    aborted: z.boolean(),
    willRetry: z.boolean().optional(),
    errorMessage: z.string().optional(),
  }),
  z.looseObject({
    type: z.literal('extension_error'),
    extensionPath: z.string().optional(),
    event: z.string().optional(),
    error: z.string(),
  }),
  UiRequest,
])
export type PiEvent = z.infer<typeof PiEvent>

/** Events that tell nothing the others do not tell, in the same order or better. */
export const redundantEvents: ReadonlySet<string> = new Set([
  'agent_end',
  'turn_start',
  'turn_end',
  'entry_appended',
  'bash_execution_update',
  'summarization_retry_scheduled',
  'summarization_retry_attempt_start',
  'summarization_retry_finished',
])

export const State = z.looseObject({
  model: NativeModel.optional(),
  thinkingLevel: z.string().optional(),
  isStreaming: z.boolean(),
  sessionFile: z.string().optional(),
  sessionName: z.string().optional(),
})
export type State = z.infer<typeof State>

export const ThinkingLevels = z.looseObject({ levels: z.array(z.string()) })

export const Stats = z.looseObject({
  contextUsage: z
    .looseObject({ tokens: z.number().nonnegative().nullable(), contextWindow: z.number().positive() })
    .optional(),
})

export type Stats = z.infer<typeof Stats>

export const Commands = z.looseObject({
  commands: z.array(z.looseObject({ name: z.string(), description: z.string().optional(), source: z.string() })),
})
