// Built into kg/web/static/vendor/editor.js; see docs/site.md.
import {autocompletion, completionKeymap, closeBrackets, closeBracketsKeymap} from "@codemirror/autocomplete";
import {defaultKeymap, history, historyKeymap} from "@codemirror/commands";
import {HighlightStyle, StreamLanguage, bracketMatching, syntaxHighlighting} from "@codemirror/language";
import {sparql} from "@codemirror/legacy-modes/mode/sparql";
import {lintGutter, setDiagnostics} from "@codemirror/lint";
import {EditorState} from "@codemirror/state";
import {EditorView, drawSelection, keymap, lineNumbers} from "@codemirror/view";
import {tags} from "@lezer/highlight";

const colours = HighlightStyle.define([
  {tag: tags.keyword, color: "var(--code-keyword)", fontWeight: "600"},
  {tag: [tags.variableName, tags.special(tags.variableName)], color: "var(--code-variable)"},
  {tag: [tags.string, tags.number, tags.bool], color: "var(--code-text)"},
  {tag: tags.comment, color: "var(--code-comment)", fontStyle: "italic"},
  {tag: [tags.atom, tags.namespace, tags.labelName, tags.standard(tags.variableName)],
   color: "var(--code-name)"},
]);
const look = EditorView.theme({
  "&": {color: "var(--ink)", backgroundColor: "var(--paper)", fontSize: ".9rem",
        border: "1px solid var(--edge)", borderRadius: "6px"},
  "&.cm-focused": {outline: "3px solid var(--focus)", outlineOffset: "2px"},
  ".cm-content": {fontFamily: "ui-monospace, 'SF Mono', Consolas, monospace", caretColor: "var(--ink)"},
  ".cm-content, .cm-gutter": {minHeight: "12rem"},
  ".cm-cursor": {borderLeftColor: "var(--ink)"},
  ".cm-scroller": {overflow: "auto"},
  ".cm-gutters": {backgroundColor: "var(--panel)", color: "var(--soft)", borderRight: "1px solid var(--line)"},
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground":
    {backgroundColor: "var(--select)"},
  ".cm-tooltip": {backgroundColor: "var(--panel)", color: "var(--ink)", border: "1px solid var(--edge)"},
  ".cm-tooltip-autocomplete ul li[aria-selected]": {backgroundColor: "var(--accent)", color: "var(--paper)"},
  ".cm-completionDetail": {fontStyle: "normal", opacity: ".85", marginLeft: "1em"},
});

// An editor in a shadow root below `parent`: its styles are adopted there, which a strict policy
// allows.  `complete(word)` gives [{label, detail, type}]; `run` is called for Ctrl-Enter.
export function editor(parent, {text, label, complete, run, changed}) {
  const root = parent.attachShadow({mode: "open"});
  const source = (context) => {
    const word = context.matchBefore(/[?$]?[\w.-]*:?[\w.-]*/);
    if (!word || (word.from === word.to && !context.explicit)) return null;
    return {from: word.from, options: complete(word.text, context.state.doc.toString()),
            validFor: /^[?$]?[\w.-]*$/};
  };
  const view = new EditorView({root, parent: root, state: EditorState.create({doc: text, extensions: [
    lineNumbers(), history(), drawSelection(), bracketMatching(), closeBrackets(), lintGutter(),
    StreamLanguage.define(sparql), syntaxHighlighting(colours), look, EditorView.lineWrapping,
    autocompletion({override: [source], icons: false}),
    EditorView.contentAttributes.of({"aria-label": label, spellcheck: "false"}),
    EditorView.updateListener.of((update) => { if (update.docChanged) changed(update.state.doc.toString()); }),
    keymap.of([{key: "Mod-Enter", run: () => { run(); return true; }},
      ...closeBracketsKeymap, ...completionKeymap, ...historyKeymap, ...defaultKeymap]),
  ]})});
  return {
    get text() { return view.state.doc.toString(); },
    set text(value) {
      view.dispatch({changes: {from: 0, to: view.state.doc.length, insert: value}});
      view.dispatch(setDiagnostics(view.state, []));
    },
    focus() { view.focus(); },
    // Marks a place (line and column from 1) as wrong; no place takes the mark away.
    wrong(message, line, column) {
      if (!line || line > view.state.doc.lines) {
        view.dispatch(setDiagnostics(view.state, []));
        return;
      }
      const place = view.state.doc.line(line);
      const from = Math.min(place.from + Math.max(0, column - 1), place.to);
      const to = Math.min(Math.max(from + 1, from), view.state.doc.length);
      view.dispatch(setDiagnostics(view.state, [{from: Math.min(from, to), to, severity: "error", message}]));
      view.dispatch({selection: {anchor: from}, scrollIntoView: true});
    },
  };
}
