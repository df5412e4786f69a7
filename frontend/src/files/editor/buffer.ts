/** A place in the history of a buffer, to compare with; its shape is the buffer's own. */
export type Mark = string | number

/** The text of a file that is being edited, wherever it lives: in the editor, or plainly as text. */
export interface TextBuffer {
  read(): string
  /** Puts another text in its place; as far as the buffer can, the cursor stays and it can be undone. */
  replace(text: string): void
  /** Marks the present text. */
  mark(): Mark
  /** Whether the text is (again) as it was at a mark. */
  isAt(mark: Mark): boolean
  /** Calls back after each change. @returns a function that ends it */
  onChange(listener: () => void): () => void
  dispose(): void
}

/** A buffer that is only text. */
export class PlainBuffer implements TextBuffer {
  #text: string
  readonly #listeners = new Set<() => void>()

  constructor(text: string) {
    this.#text = text
  }

  read(): string {
    return this.#text
  }

  replace(text: string): void {
    if (text === this.#text) return
    this.#text = text
    for (const listener of this.#listeners) listener()
  }

  mark(): Mark {
    return this.#text
  }

  isAt(mark: Mark): boolean {
    return this.#text === mark
  }

  onChange(listener: () => void): () => void {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  dispose(): void {
    this.#listeners.clear()
  }
}
