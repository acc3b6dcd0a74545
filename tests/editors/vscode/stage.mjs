// A real VS Code in a headless browser, on a workspace of its own, with nothing of the user's.
// In: CODE_SERVER, the entry of code-server; this process runs on the Node it needs. Out: pages, folders, an end.
import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

const entry = process.env.CODE_SERVER;
const { chromium } = createRequire(entry)('playwright-core');

/** The browser, wherever this system keeps it. */
const BROWSER = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/snap/bin/chromium'].find(existsSync);

const SETTINGS = {
  'workbench.startupEditor': 'none',
  'workbench.colorTheme': 'Default Dark Modern',
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'telemetry.telemetryLevel': 'off',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'chat.disableAIFeatures': true,
  'editor.minimap.enabled': false,
  'editor.accessibilitySupport': 'off',
  'editor.fontFamily': 'DejaVu Sans Mono',
  'files.autoSave': 'off',
  'git.enabled': false,
};

/**
 * Starts VS Code. `fill(folder)` makes the workspace; `vsix` are packages to install; `env` is for the extension host;
 * `options` are further ones of code-server; `trust: true` asks the user whether to trust a folder, as VS Code does.
 */
export async function stage({ fill, vsix = [], settings = {}, env = {}, options = [], trust = false, size = { width: 1280, height: 800 } }) {
  const root = mkdtempSync(join(tmpdir(), 'deed-vscode-'));
  const [workspace, data, extensions] = ['workspace', 'data', 'extensions'].map((name) => join(root, name));
  for (const folder of [join(data, 'User'), workspace, extensions]) mkdirSync(folder, { recursive: true });
  await fill(workspace);
  writeFileSync(join(data, 'User/settings.json'), JSON.stringify({ ...SETTINGS, 'security.workspace.trust.enabled': trust, ...settings }));
  const world = {
    ...process.env, ...env, HOME: root, XDG_DATA_HOME: root, XDG_CONFIG_HOME: root,
    // No shop for extensions: nothing is asked of the network.
    EXTENSIONS_GALLERY: JSON.stringify({ serviceUrl: 'http://127.0.0.1:9/gallery', itemUrl: '', resourceUrlTemplate: '' }),
  };
  const common = [entry, '--user-data-dir', data, '--extensions-dir', extensions, '--config', join(root, 'config.yaml')];
  for (const file of vsix) execFileSync(process.execPath, [...common, '--install-extension', file], { env: world });
  const port = await freePort();
  const server = spawn(process.execPath, [
    ...common, '--auth', 'none', '--bind-addr', `127.0.0.1:${port}`, '--disable-telemetry', '--disable-update-check',
    '--disable-getting-started-override', '--ignore-last-opened', ...(trust ? [] : ['--disable-workspace-trust']), ...options,
  ], { env: world, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let said = '';
  for (const stream of [server.stdout, server.stderr]) stream.on('data', (text) => { said += text; });
  const ended = new Promise((resolve) => server.once('exit', resolve));
  let browser;
  const close = async () => {
    await browser?.close().catch(() => {});
    try { process.kill(-server.pid, 'SIGTERM'); } catch { /* it has ended */ }
    const late = setTimeout(() => { try { process.kill(-server.pid, 'SIGKILL'); } catch { /* it has ended */ } }, 5000);
    await ended;
    clearTimeout(late);
    rmSync(root, { recursive: true, force: true, maxRetries: 5 });
  };
  try {
    await answers(`http://127.0.0.1:${port}/healthz`, () => said);
    browser = await chromium.launchPersistentContext(join(root, 'browser'), {
      executablePath: BROWSER, headless: true, viewport: size, env: { ...process.env, HOME: root },
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
    });
    await browser.grantPermissions(['clipboard-read', 'clipboard-write'], { origin: `http://127.0.0.1:${port}` });
    const page = browser.pages()[0] ?? await browser.newPage();
    const strangers = new Set();
    page.on('request', (request) => {
      const { protocol, hostname } = new URL(request.url());
      if (protocol.startsWith('http') && hostname !== '127.0.0.1') strangers.add(hostname);
    });
    page.setDefaultTimeout(60_000);
    return { page, workspace, root, port, strangers, close, log: () => said, url: (query = '') => `http://127.0.0.1:${port}/?folder=${workspace}${query}`, saveLogs: (to) => saveLogs(join(data, 'logs'), to) };
  } catch (error) {
    await close();
    throw error;
  }
}

function freePort() {
  return new Promise((resolve, reject) => {
    const server = net.createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });
}

async function answers(url, said) {
  for (let i = 0; i < 300; i++) {
    if (await fetch(url).then(({ ok }) => ok, () => false)) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`code-server does not answer:\n${said()}`);
}

/** The logs of the editor and the Output panel, for a look at what went wrong. */
function saveLogs(from, to) {
  if (!existsSync(from)) return;
  mkdirSync(dirname(to), { recursive: true });
  for (const name of readdirSync(from)) cpSync(join(from, name), join(to, name), { recursive: true });
}

/** The example organisation, as the generator writes it, with Git saying that one is `email`. */
export function exampleOrganisation(folder, email = 'chen@acmepay.example') {
  execFileSync(process.env.EXAMPLE_ORG, [folder], { stdio: 'ignore' });
  execFileSync('git', ['-C', folder, 'config', 'user.email', email]);
}
