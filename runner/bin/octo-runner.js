#!/usr/bin/env node
import { setFlagsFromString } from 'node:v8'

// Keeps the young generation from growing with the burst of a start: 12 MB less at rest, measured no slower under load.
setFlagsFromString('--semi-space-growth-factor=1')
await import('../dist/main.js')
