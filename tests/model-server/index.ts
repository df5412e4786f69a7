/**
 * A scripted model server on loopback, for tests and benchmarks: OpenAI chat completions and Anthropic messages,
 * streamed, with nothing left to chance and no timers.
 *
 * What it does is chosen by markers in the prompt; without one it answers "You said: …".
 *
 * | marker | effect |
 * |---|---|
 * | `#think` | thinks before it answers |
 * | `#write PATH` `#edit PATH` `#read PATH` `#bash "COMMAND"` | calls pi's tool; several are called one after the other |
 * | `#hold N` | answers in N pieces, each waiting for `release()`; `held()` tells when one waits |
 * | `#long N` | answers with N characters |
 * | `#unicode` | answers with characters that are easily broken |
 * | `#image` | says which images came with the prompt |
 * | `#400` … `#529` | fails with this status; `#429 2` the first two times only |
 * | `#drop` | cuts the connection in the middle of the first answer |
 * | `#overflow` | says once that the prompt is too long |
 * | `#length` `#refuse` | ends at the token limit, or refuses |
 * | `#cut` | says that it ended at the limit, with little used |
 * | `#silence` | never answers |
 *
 * The key `bad-key` is always refused.
 */
export { type ModelRequest, type ModelServer, startModelServer, TEST_MODEL } from './server.ts'
