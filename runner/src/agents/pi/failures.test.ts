import { expect, test } from 'vitest'
import { classifyFailure } from './failures.ts'

const kinds = (said: string): string => classifyFailure(said).kind

test('what providers say about a failure gets a kind to branch on', () => {
  const said: Record<string, string> = {
    '401 {"type":"error","error":{"type":"authentication_error","message":"invalid x-api-key"}}': 'auth',
    'No API key found for anthropic.': 'auth',
    '403: {"message":"no access"}': 'auth',
    '429: {"message":"Rate limit reached"}': 'rate_limit',
    '429: {"message":"You exceeded your current quota"}': 'rate_limit',
    '529 {"error":{"message":"Overloaded"}}': 'overloaded',
    '500 {"error":{"message":"model is overloaded"}}': 'overloaded',
    '400: {"message":"prompt is too long: 250000 tokens > 200000 maximum"}': 'context',
    "400 This model's maximum context length is 8192 tokens": 'context',
    'Connection error.': 'network',
    terminated: 'network',
    'getaddrinfo ENOTFOUND api.example.org': 'network',
    '500: {"message":"oops"}': 'provider',
    '404: {"message":"The model does not exist."}': 'provider',
    'something else': 'provider',
  }
  expect(Object.fromEntries(Object.keys(said).map((text) => [text, kinds(text)]))).toEqual(said)
})

test('the sentence holds the provider message without its JSON, and ends like one', () => {
  expect(classifyFailure('404: {"error":{"message":"The model \\"x\\" does\\nnot exist"}}').message).toBe(
    'The provider failed with status 404: The model "x" does not exist.',
  )
  expect(classifyFailure('429: {"message":"Your credit balance is too low"}').message).toBe(
    "The provider's limit for this account is used up: Your credit balance is too low.",
  )
})

test('a web page as an answer is cut short', () => {
  expect(classifyFailure(`502 <html>${'x'.repeat(10_000)}`).message.length).toBeLessThan(400)
})
