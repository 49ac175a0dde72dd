/** git in a scratch folder, without the configuration of whoever runs the tests. */

import { runProcess } from '../../src/adapters/process/run-process.ts';

export async function git(folder: string, args: readonly string[]): Promise<string> {
  const { exitCode, stdout, stderr } = await runProcess('git', ['-C', folder, ...args], {
    env: {
      PATH: process.env.PATH,
      HOME: folder,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_AUTHOR_NAME: 'Test',
      GIT_AUTHOR_EMAIL: 'test@example.invalid',
      GIT_COMMITTER_NAME: 'Test',
      GIT_COMMITTER_EMAIL: 'test@example.invalid',
    },
  });
  if (exitCode !== 0) throw new Error(`git ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}

/** Makes a repository of the folder where there is none, commits everything and returns the commit. */
export async function commitAll(folder: string): Promise<string> {
  await git(folder, ['init', '--quiet', '--initial-branch=main']);
  await git(folder, ['add', '--all']);
  await git(folder, ['commit', '--quiet', '--message', 'state', '--allow-empty']);
  return git(folder, ['rev-parse', 'HEAD']);
}
