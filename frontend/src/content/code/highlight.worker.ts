import type { HighlightJob, HighlightReply } from './highlighter.ts'
import { tokenize } from './tokenize.ts'

self.addEventListener('message', (event: MessageEvent<HighlightJob>) => {
  const { id, code, language } = event.data
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- this is a worker, not a window
  const reply = (message: HighlightReply): void => self.postMessage(message)
  tokenize(code, language).then(
    (lines) => reply({ id, lines }),
    (error: unknown) => reply({ id, lines: null, failure: String(error) }),
  )
})
