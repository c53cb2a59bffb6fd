import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PageEvent, RendererEvent, type Application } from 'typedoc';

const inlineScript = /<script>([^<]+)<\/script>/;
const themeScript = 'assets/theme.js';

/**
 * Makes the pages fit the content security policy they are served under, which allows no script within a page, and lets
 * them ask for nothing that is not there: TypeDoc has no options for these.
 */
export function fitPages(app: Application): void {
  let theme = '';

  app.renderer.on(PageEvent.END, (page: PageEvent) => {
    const { contents } = page;
    if (contents === undefined) {
      return;
    }
    const base = /data-base="([^"]*)"/.exec(contents)?.[1] ?? './';
    page.contents = contents
      .replace(inlineScript, (_element, script: string) => {
        theme = script;

        return `<script src="${base}${themeScript}"></script>`;
      })
      .replace('</head>', '<link rel="icon" href="data:,"/></head>')
      // Files that are no page of the reference.
      .replaceAll(/<a href="[^"]*\/?media\/[^"]*"[^>]*>(.*?)<\/a>/g, '$1');
  });
  app.renderer.on(RendererEvent.END, ({ outputDirectory }: RendererEvent) => {
    writeFileSync(join(outputDirectory, themeScript), theme);
  });
}
