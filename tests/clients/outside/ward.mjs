// Ward on a data directory of its own: commands, and a server that ends with the test.
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

export class Ward {
  constructor(program, folder) {
    this.program = program;
    this.options = ['--data-dir', folder, '--set', 'private_hosts=127.0.0.1', '--set', 'access=required', '--set', 'log=warn'];
  }

  // Runs a command, and reads what it prints as JSON when there is any.
  run(args, input = '') {
    const said = execFileSync(this.program, [...args, ...this.options, '--json'], { input, encoding: 'utf8', timeout: 60_000 });
    return said.startsWith('{') || said.startsWith('[') ? JSON.parse(said) : said;
  }

  async serve() {
    this.server = spawn(this.program, ['serve', '--listen', '127.0.0.1:0', ...this.options], { stdio: ['ignore', 'ignore', 'pipe'] });
    const lines = createInterface({ input: this.server.stderr });
    const address = await new Promise((resolve, reject) => {
      this.server.once('exit', (code) => reject(new Error(`ward ended with ${code} before it served`)));
      lines.on('line', (line) => {
        if (line.startsWith('ward:') || / (WARN|ERROR) /.test(line)) console.error(line);
        const found = line.match(/^Ward serves FHIR R4 at (.*)\/fhir$/);
        if (found) resolve(found[1]);
      });
    });
    for (let tries = 0; (await fetch(`${address}/health/ready`)).status !== 200; tries += 1) {
      assert.ok(tries < 600, 'ward is not ready');
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    return address;
  }

  stop() {
    this.server?.kill();
  }
}
