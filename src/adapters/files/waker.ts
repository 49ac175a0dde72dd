import { type FSWatcher, watch } from 'node:fs';

export type Waker = {
  /** Resolves when the file changed since the last call, after `ms`, or when the signal aborts. */
  readonly next: (ms: number) => Promise<void>;
  readonly close: () => void;
};

/** Wakes a reader of the file at `path`. Where the file system cannot watch, the time alone wakes it. */
export function createWaker(path: string, signal: AbortSignal): Waker {
  let hasChanged = false;
  let wake: () => void = () => undefined;
  const onChange = (): void => {
    hasChanged = true;
    wake();
  };
  let watcher: FSWatcher | undefined;
  try {
    watcher = watch(path, onChange);
    watcher.on('error', () => watcher?.close());
  } catch {
    watcher = undefined;
  }
  signal.addEventListener('abort', onChange);
  return {
    next: async ms => {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>(done => {
        wake = done;
        timer = setTimeout(done, ms);
        if (hasChanged) done();
      });
      clearTimeout(timer);
      hasChanged = signal.aborted;
    },
    close: () => {
      watcher?.close();
      signal.removeEventListener('abort', onChange);
    },
  };
}
