import { z } from 'zod'

const TextContent = z.union([
  z.string(),
  z.array(z.looseObject({ type: z.string(), text: z.string().optional() })),
  z.null(),
])

/** The part of an OpenAI chat request the demo model reads. */
export const ChatRequest = z.looseObject({
  model: z.string().optional(),
  stream: z.boolean().optional(),
  messages: z
    .array(
      z.looseObject({
        role: z.string(),
        content: TextContent.optional(),
        tool_calls: z
          .array(
            z.looseObject({ id: z.string(), function: z.looseObject({ name: z.string(), arguments: z.string() }) }),
          )
          .optional(),
        tool_call_id: z.string().optional(),
      }),
    )
    .max(10_000),
  tools: z.array(z.looseObject({ function: z.looseObject({ name: z.string() }).optional() })).optional(),
})
export type ChatRequest = z.infer<typeof ChatRequest>

/** What a recipe sees of a conversation: the last wish of the user, and the tools' results since. */
export interface Scene {
  /** What the user asked last, in lower case. */
  readonly wish: string
  /** How often the model has answered this wish already. */
  readonly round: number
  /** Results of the tool calls made for this wish, in order. */
  readonly results: readonly string[]
  /** Names of the tools the agent offers. */
  readonly tools: ReadonlySet<string>
}

/** Reads the scene out of a request: everything after the last user message belongs to the present wish. */
export function readScene(request: ChatRequest): Scene {
  const at = request.messages.findLastIndex((message) => message.role === 'user')
  const asked = request.messages[at]
  const since = request.messages.slice(at + 1)
  const results = since.filter((message) => message.role === 'tool')
  return {
    wish: textOf(asked?.content).toLowerCase(),
    round: since.filter((message) => message.role === 'assistant').length,
    results: results.map((message) => textOf(message.content)),
    tools: new Set((request.tools ?? []).flatMap((tool) => tool.function?.name ?? [])),
  }
}

function textOf(content: z.infer<typeof TextContent> | undefined): string {
  if (content === undefined || content === null) return ''
  if (typeof content === 'string') return content
  return content.map((part) => part.text ?? '').join('\n')
}
