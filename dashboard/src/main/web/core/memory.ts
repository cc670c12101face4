// What this browser keeps for the reader, under names of our own.
export function remembered(name: string): string | null {
  try {
    return localStorage.getItem('luthier.' + name);
  } catch {
    return null; // Storage is switched off: what is kept lasts as long as the page.
  }
}

export function remember(name: string, value: string): void {
  try {
    localStorage.setItem('luthier.' + name, value);
  } catch {
    // As above, or the storage is full.
  }
}
