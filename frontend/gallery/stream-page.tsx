import { useState } from 'react'
import type { ReactElement } from 'react'
import { flushSync } from 'react-dom'

import { Markdown } from '../src/content/index.ts'
import { Button, TranscriptList } from '../src/ui/index.ts'
import { LONG_ANSWER } from './samples.ts'

const PIECES = 1_110
/** Without the list around it, the cost of the Markdown alone is seen. */
const BARE = new URLSearchParams(location.search).has('bare')

/** Streams a long answer and says what it cost: time in React, and time of the main thread. */
export function StreamPage(): ReactElement {
  const [text, setText] = useState('')
  const [streaming, setStreaming] = useState(false)
  const [result, setResult] = useState('')
  const run = async (): Promise<void> => {
    const commits: number[] = []
    const steps: number[] = []
    setStreaming(true)
    for (let piece = 1; piece <= PIECES; piece += 1) {
      const before = performance.now()
      flushSync(() => setText(LONG_ANSWER.slice(0, Math.ceil((LONG_ANSWER.length * piece) / PIECES))))
      commits.push(performance.now() - before)
      // Reading a size makes the browser lay out now, so that its share is counted.
      void document.body.offsetHeight
      steps.push(performance.now() - before)
      // oxlint-disable-next-line no-await-in-loop -- each piece comes in its own turn
      await new Promise((resolve) => setTimeout(resolve))
    }
    setStreaming(false)
    setResult(`${LONG_ANSWER.length} characters, React ${summary(commits)}, with layout ${summary(steps)}`)
  }
  return (
    <main className="flex h-full flex-col bg-surface">
      <div className="flex items-center gap-3 border-b border-line p-2">
        <Button onClick={() => void run()}>Stream</Button>
        <output id="result">{result}</output>
      </div>
      {BARE ? (
        <Markdown text={text} streaming={streaming} />
      ) : (
        <TranscriptList
          label="Transcript"
          items={['answer']}
          itemKey={(item) => item}
          renderItem={() => (
            <div className="mx-auto max-w-measure px-4 py-8">
              <Markdown text={text} streaming={streaming} />
            </div>
          )}
        />
      )}
    </main>
  )
}

function summary(values: readonly number[]): string {
  const sorted = values.toSorted((a, b) => a - b)
  const at = (share: number): string => (sorted[Math.floor(sorted.length * share)] ?? 0).toFixed(1)
  const total = values.reduce((sum, value) => sum + value, 0)
  return `${(total / 1_000).toFixed(2)} s in ${values.length}, p50 ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(0.999)} ms`
}
