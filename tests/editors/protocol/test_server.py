"""`deed lsp` and a neutral client, with the capabilities that three editors announce.

In: DEED, the program; ORGANISATION, a fresh example organisation. Everything is typed into open documents, nothing saved.
"""

import asyncio
import os
import pathlib

import pytest
import pytest_lsp
from lsprotocol import types as lsp
from pytest_lsp import ClientServerConfig, LanguageClient, client_capabilities

ORGANISATION = pathlib.Path(os.environ["ORGANISATION"]).resolve()
ROOT = ORGANISATION / "deed.yaml"
RISKS = ORGANISATION / "risks" / "suppliers.deed.json"
CLIENTS = ["visual-studio-code", "neovim", "emacs"]


@pytest_lsp.fixture(params=CLIENTS, config=ClientServerConfig(server_command=[os.environ["DEED"], "lsp"], server_env=dict(os.environ)))
async def client(request, lsp_client: LanguageClient):
    refreshed = [f"workspace/{what}/refresh" for what in ("codeLens", "inlayHint", "semanticTokens")]
    for asked in ("client/registerCapability", *refreshed):
        lsp_client.feature(asked)(lambda *_: None)
    parameters = lsp.InitializeParams(
        capabilities=client_capabilities(request.param),
        root_uri=ORGANISATION.as_uri(),
        workspace_folders=[lsp.WorkspaceFolder(ORGANISATION.as_uri(), "organisation")],
    )
    lsp_client.answer = await lsp_client.initialize_session(parameters)
    lsp_client.announced = parameters.capabilities
    yield
    await lsp_client.shutdown_session()


class Document:
    """An open document, and what was last said of it."""

    def __init__(self, client, path, text=None, language="yaml"):
        self.client, self.uri, self.version = client, path.as_uri(), 1
        self.text = path.read_text(encoding="utf-8") if text is None else text
        client.text_document_did_open(lsp.DidOpenTextDocumentParams(lsp.TextDocumentItem(self.uri, language, 1, self.text)))

    @property
    def id(self):
        return lsp.TextDocumentIdentifier(self.uri)

    def change(self, old, new):
        """Replaces the one place where `old` stands, as the whole text."""
        assert self.text.count(old) >= 1, old
        self.text, self.version = self.text.replace(old, new, 1), self.version + 1
        self.client.text_document_did_change(
            lsp.DidChangeTextDocumentParams(
                lsp.VersionedTextDocumentIdentifier(self.version, self.uri),
                [lsp.TextDocumentContentChangeWholeDocument(self.text)],
            )
        )

    def at(self, text, offset):
        """The position `offset` characters after the start of `text`; all of the line before it is ASCII."""
        before = self.text[: self.text.index(text) + offset]
        return lsp.Position(before.count("\n"), len(before) - before.rfind("\n") - 1)

    def place(self, text, offset=0):
        return {"text_document": self.id, "position": self.at(text, offset)}

    async def diagnostics(self, holds):
        """The diagnostics, as soon as `holds` of them."""
        for _ in range(400):
            known = self.client.diagnostics.get(self.uri)
            if known is not None and holds(known):
                return known
            await asyncio.sleep(0.05)
        raise AssertionError(f"never so: {[one.message for one in self.client.diagnostics.get(self.uri, [])]}")


def mistakes(diagnostics):
    return [one for one in diagnostics if "did you mean" in one.message]


async def test_says_what_it_is_and_pushes_or_is_asked_but_never_both(client):
    assert client.answer.server_info.name == "deed"
    assert client.answer.capabilities.diagnostic_provider is None
    commands = client.answer.capabilities.execute_command_provider.commands
    assert "deed.showEvidence" not in commands and "deed.showReferences" not in commands
    offered = (client.announced.general and client.announced.general.position_encodings) or ["utf-16"]
    assert (client.answer.capabilities.position_encoding or "utf-16") in offered


async def test_says_what_is_wrong_by_rule_and_place(client):
    document = Document(client, ROOT)
    known = await document.diagnostics(lambda all: any(one.code == "outdated-soa-approval" for one in all))
    one = next(one for one in known if one.code == "outdated-soa-approval")
    assert one.source == "deed" and one.severity == lsp.DiagnosticSeverity.Error
    assert one.range.start == document.at("2026-02-23", 0) and one.range.end == document.at("2026-02-23", 10)


async def test_follows_what_is_typed(client):
    document = Document(client, ROOT)
    await document.diagnostics(lambda all: len(all) > 0 and not mistakes(all))
    document.change("model: federated", "modle: federated")
    [one] = mistakes(await document.diagnostics(mistakes))
    assert one.range.start == document.at("modle", 0)
    actions = await client.text_document_code_action_async(
        lsp.CodeActionParams(document.id, one.range, lsp.CodeActionContext([one], only=[lsp.CodeActionKind.QuickFix]))
    )
    assert any("model" in action.title for action in actions)
    document.change("modle: federated", "model: federated")
    await document.diagnostics(lambda all: len(all) > 0 and not mistakes(all))


async def test_counts_columns_as_agreed(client):
    text = 'people:\n  ada: { "x-é😀": 1, nmae: Ada Moreau, emails: [ada@acmepay.example] }\n'
    document = Document(client, ORGANISATION / "columns.deed.yaml", text)
    [one] = mistakes(await document.diagnostics(mistakes))
    before = text.split("\n")[1].split("nmae")[0]
    unit = {"utf-8": "utf-8", "utf-16": "utf-16-le", "utf-32": "utf-32-le"}[client.answer.capabilities.position_encoding or "utf-16"]
    width = {"utf-8": 1, "utf-16-le": 2, "utf-32-le": 4}[unit]
    assert one.range.start == lsp.Position(1, len(before.encode(unit)) // width)
    client.text_document_did_close(lsp.DidCloseTextDocumentParams(document.id))


async def test_knows_people_roles_and_keys(client):
    document = Document(client, ROOT)
    hover = await client.text_document_hover_async(lsp.HoverParams(**document.place("by: ada", 5)))
    assert "Ada Moreau" in str(hover.contents)
    target = await client.text_document_definition_async(lsp.DefinitionParams(**document.place("manager: isms-manager", 11)))
    assert "roles.deed.yaml" in str(target)
    uses = await client.text_document_references_async(
        lsp.ReferenceParams(**document.place("manager: isms-manager", 11), context=lsp.ReferenceContext(include_declaration=True))
    )
    assert len({use.uri for use in uses}) > 1
    completion = await client.text_document_completion_async(lsp.CompletionParams(**document.place("owner: ceo", 7)))
    items = completion.items if isinstance(completion, lsp.CompletionList) else completion
    assert any("head-of-it" in (item.label, item.insert_text) for item in items)
    rename = await client.text_document_rename_async(
        lsp.RenameParams(**document.place("manager: isms-manager", 11), new_name="grc-lead")
    )
    assert len(rename.changes or rename.document_changes) > 1
    assert await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(document.id))
    assert await client.text_document_folding_range_async(lsp.FoldingRangeParams(document.id))


async def test_serves_json_manifests_too(client):
    document = Document(client, RISKS, language="json")
    document.change('"owner"', '"ownr"')
    await document.diagnostics(mistakes)


@pytest.mark.parametrize("text", ["", "\ufeff", "{", "a: [\n", "- - -", "a: &x [*x]\n", "\u0000", "isms:\n\t- x\n", "a: 1\r\nb", "---\n---\n", "{" * 3000])
async def test_survives_what_is_no_manifest(client, text):
    document = Document(client, ORGANISATION / "broken.deed.yaml", text)
    position = lsp.Position(0, 0)
    await client.text_document_hover_async(lsp.HoverParams(document.id, position))
    await client.text_document_completion_async(lsp.CompletionParams(document.id, position))
    await client.text_document_document_symbol_async(lsp.DocumentSymbolParams(document.id))
    await client.text_document_code_lens_async(lsp.CodeLensParams(document.id))
    client.text_document_did_close(lsp.DidCloseTextDocumentParams(document.id))


async def test_says_nothing_of_files_it_does_not_know(client):
    gone = lsp.TextDocumentIdentifier("file:///no/such/deed.yaml")
    assert not await client.text_document_hover_async(lsp.HoverParams(gone, lsp.Position(3, 4)))
    assert not await client.text_document_code_lens_async(lsp.CodeLensParams(gone))


async def test_tells_the_evidence_of_every_decision(client):
    for _ in range(600):
        answer = await client.protocol.send_request_async("deed/evidence", {})
        [root] = answer.roots
        if root.state == "ready":
            break
        await asyncio.sleep(0.1)
    assert root.state == "ready" and root.me == "chen"
    levels = {decision.level for decision in root.decisions}
    assert {"recorded", "attributed", "signed"} <= levels, levels
