/** What Monaco computes beside the page: differences, words, links. */
import 'monaco-editor/editor/editor.worker'
