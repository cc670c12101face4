// How smooth the dashboard is: the time to the first page, the script that travels, and the time of frames while a list of 1,000
// jobs is scrolled, five curves of 100,000 steps are zoomed, and a file of 512 MiB is uploaded. The first two are the server's own; the jobs and the curve are made here
// and put in the place of the server's answers. Needs Node, Chromium and the package playwright-core:
//   node benchmarks/pages.mjs http://127.0.0.1:8420 "$OPENAI_API_KEY"
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { get } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from 'playwright-core';

const [address, key] = process.argv.slice(2);
const STARTS = 10;
const JOBS = 1000;
const STEPS = 100_000;
const LOOK_MILLIS = 5000;
const FLOOR_MILLIS = 33;
const FILE_MEGABYTES = 512;

const browser = await chromium.launch({ executablePath: '/usr/bin/chromium', args: ['--no-sandbox', '--disable-dev-shm-usage'] });
const context = await browser.newContext({ baseURL: address, viewport: { width: 1360, height: 900 }, locale: 'en-GB' });
const page = await context.newPage();
await page.goto('/');
await page.locator('input').first().fill(key);
await page.locator('form button').click();
await page.locator('nav a').first().waitFor();
const [cookie] = await context.cookies();

console.log(`script, compressed: ${await travelled('/dashboard/app.js')} bytes; styles: ${await travelled('/dashboard/app.css')} bytes`);
console.log(`first page, ${STARTS} fresh browsers: ${spread(await starts())} ms`);
console.log(`uploading ${FILE_MEGABYTES} MiB: ${await uploaded()}`);
await synthetic();
console.log(`scrolling ${JOBS} jobs: ${frames(await scrolled())}`);
console.log(`zooming ${STEPS} steps: ${frames(await zoomed())}`);
await browser.close();

function travelled(path) {
  return new Promise((done, failed) =>
    get(address + path, { headers: { 'accept-encoding': 'gzip' } }, (answer) => {
      let bytes = 0;
      answer.on('data', (part) => (bytes += part.length)).on('end', () => done(bytes));
    }).on('error', failed),
  );
}

/** From the navigation to a list, or the welcome, that is drawn. */
async function starts() {
  const times = [];
  for (let i = 0; i < STARTS; i++) {
    const fresh = await browser.newContext({ baseURL: address, viewport: { width: 1360, height: 900 }, locale: 'en-GB' });
    await fresh.addCookies([cookie]);
    await fresh.addInitScript(() => {
      const look = () => {
        if (document.querySelector('.job-list .row, .welcome')) requestAnimationFrame(() => (window.usable = performance.now()));
        else requestAnimationFrame(look);
      };
      requestAnimationFrame(look);
    });
    const first = await fresh.newPage();
    await first.goto('/');
    await first.waitForFunction(() => window.usable);
    times.push(await first.evaluate(() => window.usable));
    await fresh.close();
  }
  return times;
}

/** The largest file, in parts, as a reader chooses it; frames until it is all there. */
async function uploaded() {
  const row = JSON.stringify({ messages: [{ role: 'user', content: 'q'.repeat(400) }, { role: 'assistant', content: 'a'.repeat(400) }] }) + '\n';
  const path = join(mkdtempSync(join(tmpdir(), 'pages-')), 'large.jsonl');
  const bytes = FILE_MEGABYTES * 2 ** 20;
  writeFileSync(path, Buffer.alloc(bytes - (bytes % row.length), row));
  await page.evaluate(() => (location.hash = '#/files'));
  await page.locator('input[type=file]').waitFor({ state: 'attached' });
  // What follows an upload, the reading of its rows, is not the upload.
  let sent = false;
  page.waitForResponse('**/complete', { timeout: 300_000 }).finally(() => (sent = true));
  const began = Date.now();
  const times = await during((first) => (first ? page.locator('input[type=file]').setInputFiles(path) : undefined), 100, () => sent);
  const seconds = (Date.now() - began) / 1000;
  const { data } = await page.evaluate(async () => (await fetch('/v1/files?limit=1')).json());
  await fetch(`${address}/v1/files/${data[0].id}`, { method: 'DELETE', headers: { authorization: 'Bearer ' + key } });
  rmSync(path);
  return `${seconds.toFixed(1)} s; ${frames(times)}`;
}

async function synthetic() {
  const now = Math.floor(Date.now() / 1000);
  const jobs = Array.from({ length: JOBS }, (_, i) => ({
    id: 'ftjob-' + String(i).padStart(24, '0'), status: ['succeeded', 'failed', 'cancelled'][i % 3], model: 'smollm2-135m-instruct',
    fine_tuned_model: null, suffix: 'job ' + i, created_at: now - i * 600, started_at: now - i * 600 + 5, finished_at: now - i * 600 + 300,
    estimated_finish: null, step: 100, total_steps: 100,
  }));
  const losses = Array.from({ length: 40 }, (_, i) => 3 * Math.exp(-i / 12) + 0.1 * Math.sin(i * 1.7));
  const column = (figure) => Array.from({ length: STEPS }, (_, i) => figure(i));
  const none = column(() => null);
  const curves = {
    step: column((i) => i + 1), train_loss: column((i) => 3 * Math.exp(-i / 20_000) + 0.2 * Math.sin(i * 12.9898)),
    train_accuracy: column((i) => 1 - Math.exp(-i / 20_000)), valid_loss: column((i) => (i % 100 ? null : 3 * Math.exp(-i / 30_000))),
    valid_accuracy: none, full_valid_loss: none, full_valid_accuracy: none, learning_rate: column((i) => 5e-4 * (1 - i / STEPS)),
    gradient_norm: column((i) => 1 + 0.3 * Math.sin(i)), tokens_per_second: column((i) => 900 + (i % 50)), total_steps: STEPS,
  };
  const json = (body) => ({ contentType: 'application/json', body: JSON.stringify(body) });
  await page.route('**/internal/ui/jobs', (route) => route.fulfill(json({ data: jobs, has_more: false })));
  await page.route('**/internal/ui/jobs?*', (route) => route.fulfill(json({ data: jobs.slice(0, 50), has_more: true })));
  await page.route('**/internal/ui/sparklines?*', (route) => {
    const ids = new URL(route.request().url()).searchParams.get('ids').split(',');
    return route.fulfill(json(Object.fromEntries(ids.map((id) => [id, losses]))));
  });
  await page.route('**/internal/ui/jobs/ftjob-*', (route) => route.fulfill(json(jobs[0])));
  await page.route('**/internal/ui/jobs/*/metrics?*', (route) => route.fulfill(json(curves)));
  await page.route('**/internal/ui/jobs/*/checkpoints', (route) => route.fulfill(json({ data: [] })));
  await page.route('**/v1/fine_tuning/jobs/*/events?*', (route) => route.fulfill(json({ data: [] })));
  await page.route('**/v1/fine_tuning/jobs/ftjob-*', (route) =>
    route.request().url().includes('/events') ? route.fallback() : route.fulfill(json({
      ...jobs[0], object: 'fine_tuning.job', training_file: 'file-a', validation_file: null, result_files: [], organization_id: 'org', error: null,
      hyperparameters: { n_epochs: 1, batch_size: 1, learning_rate_multiplier: 1 }, trained_tokens: 1, user_provided_suffix: 'long', seed: 1,
      metadata: null, method: { type: 'supervised' },
    })));
}

async function scrolled() {
  await page.evaluate(() => (location.hash = '#/jobs'));
  await page.reload();
  await page.locator('.row').first().waitFor();
  await page.locator('.scroll').hover();
  return during(() => page.mouse.wheel(0, 240), 40);
}

async function zoomed() {
  await page.evaluate(() => (location.hash = '#/jobs/ftjob-' + '0'.repeat(24)));
  await page.locator('#tab-metrics').click();
  await page.locator('.plot canvas').first().waitFor();
  const [closer, farther] = [page.locator('.zoom button').nth(0), page.locator('.zoom button').nth(1)];
  let presses = 0;
  return during(() => (presses++ % 20 < 10 ? closer : farther).dispatchEvent('click'), 100);
}

/** The times between frames while something is done again and again. */
async function during(act, everyMillis, over) {
  await page.waitForTimeout(500);
  await page.evaluate(() => {
    const times = (window.frameTimes = []);
    let before = performance.now();
    const next = (now) => {
      if (window.frameTimes !== times) return;
      times.push(now - before);
      before = now;
      requestAnimationFrame(next);
    };
    requestAnimationFrame(next);
  });
  const end = Date.now() + LOOK_MILLIS;
  for (let first = true; over ? !over() : Date.now() < end; first = false) {
    await act(first);
    await page.waitForTimeout(everyMillis);
  }
  return page.evaluate(() => window.frameTimes.slice(1));
}

function frames(times) {
  const within = times.filter((time) => time < FLOOR_MILLIS).length / times.length;
  return `${times.length} frames, ${(within * 100).toFixed(1)} % under ${FLOOR_MILLIS} ms; ${spread(times)} ms`;
}

function spread(times) {
  const sorted = [...times].sort((a, b) => a - b);
  const at = (share) => sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))].toFixed(0);
  return `median ${at(0.5)}, 95 % within ${at(0.95)}, most ${at(1)}`;
}
