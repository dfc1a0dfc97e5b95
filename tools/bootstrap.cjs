// Runs a script of this project on a fresh clone: installs the dependencies when they are missing or outdated, finds a
// Node that is new enough, and hands over. Plain old JavaScript without dependencies, so that any Node can read it.
'use strict';

const { spawn, spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');

const REQUIRED_MAJOR = 24;
const root = path.join(__dirname, '..');
const modules = path.join(root, 'node_modules');
const marker = path.join(modules, '.counterpoint-lock');

function say(text) {
  process.stderr.write(`counterpoint: ${text}\n`);
}

function fail(text) {
  say(text);
  process.exit(1);
}

function lockHash() {
  return createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex');
}

// npm writes its record of what it installed within moments of the lockfile, in either order.
const SLACK_MILLIS = 5000;

function installed(hash) {
  if (fs.existsSync(marker) && fs.readFileSync(marker, 'utf8') === hash) return true;
  const record = path.join(modules, '.package-lock.json');
  const lock = path.join(root, 'package-lock.json');
  return fs.existsSync(record) && fs.statSync(record).mtimeMs >= fs.statSync(lock).mtimeMs - SLACK_MILLIS;
}

function install() {
  const hash = lockHash();
  if (!installed(hash)) {
    say('installing dependencies (npm ci), once; this takes a moment …');
    const npm = process.platform === 'win32' ? 'npm.cmd' : 'npm';
    const result = spawnSync(npm, ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', process.stderr, process.stderr],
    });
    if (result.error)
      fail(`npm could not be started (${result.error.message}). Install Node.js with npm and try again.`);
    if (result.status !== 0) fail('npm ci failed; its messages above say why. Nothing was started.');
  }
  fs.writeFileSync(marker, hash);
}

function majorOf(binary) {
  if (binary === process.execPath) return Number(process.versions.node.split('.')[0]);
  const result = spawnSync(binary, ['--version'], { encoding: 'utf8', timeout: 5000 });
  const match = /^v(\d+)\./.exec(result.stdout || '');
  return match ? Number(match[1]) : 0;
}

function findNode() {
  if (majorOf(process.execPath) >= REQUIRED_MAJOR) return process.execPath;
  const bundled = path.join(modules, `node-${process.platform}-${process.arch}`, 'bin', 'node');
  if (fs.existsSync(bundled) && majorOf(bundled) >= REQUIRED_MAJOR) return bundled;
  return fail(
    `Node.js ${REQUIRED_MAJOR} or later is needed; this is ${process.version}, and no bundled one fits ${process.platform}-${process.arch}. ` +
      'Install it from https://nodejs.org and try again.',
  );
}

// A small young generation, and an old one that is collected before it has doubled: measured, they take a third off the
// server's memory under load and nothing off its throughput. Node does not promise the second flag, so each major is tried
// before it gets it.
const nodeFlags = require('./node-flags.json');

function flagsFor(node) {
  return nodeFlags.any.concat(nodeFlags[majorOf(node)] || []);
}

function handOver(node, args) {
  const child = spawn(node, flagsFor(node).concat(args), {
    stdio: 'inherit',
    env: Object.assign({ NODE_COMPILE_CACHE: path.join(modules, '.cache', 'compile') }, process.env, {
      PATH: `${path.dirname(node)}${path.delimiter}${process.env.PATH || ''}`,
    }),
  });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
    // A terminal sends SIGINT to the whole group; the child decides when to end, and this process ends with it.
    process.on(signal, () => {
      if (signal !== 'SIGINT') child.kill(signal);
    });
  }
  child.on('error', (error) => fail(`${node} could not be started: ${error.message}`));
  child.on('exit', (code, signal) => {
    if (signal) process.kill(process.pid, process.platform === 'win32' ? 'SIGTERM' : 'SIGKILL');
    else process.exit(code === null ? 1 : code);
  });
}

const args = process.argv.slice(2);
if (args.length === 0) fail('nothing to run: give the path of a script and its arguments.');
install();
handOver(findNode(), [path.resolve(root, args[0]), ...args.slice(1)]);
