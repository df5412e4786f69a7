#!/usr/bin/env node
import '../dist/cli/octoctl.js'
