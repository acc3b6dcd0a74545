-- Deed for Neovim 0.11 and newer: put this directory on 'runtimepath' and say `vim.lsp.enable('deed')`.

--- The directory of the nearest `deed.yaml` (or .yml, .json) above a file.
local function root(path)
  return vim.fs.root(path, { 'deed.yaml', 'deed.yml', 'deed.json' })
end

--- Whether a file is a manifest: its name decides.
local function is_manifest(path)
  local name = vim.fs.basename(path)
  for _, extension in ipairs({ 'yaml', 'yml', 'json' }) do
    if name == 'deed.' .. extension or vim.endswith(name, '.deed.' .. extension) then
      return true
    end
  end
  return false
end

return {
  cmd = { 'deed', 'lsp' },
  filetypes = { 'yaml', 'json' },
  -- Other YAML and JSON files are left alone: the server starts only where this calls `on_dir`.
  root_dir = function(buffer, on_dir)
    local path = vim.api.nvim_buf_get_name(buffer)
    if is_manifest(path) then
      on_dir(root(path) or vim.fs.dirname(path))
    end
  end,
  init_options = { commands = { 'deed.showReferences' } },
  commands = {
    -- What a lens such as "3 controls, 2 risks" leads to.
    ['deed.showReferences'] = function(command, context)
      local client = vim.lsp.get_client_by_id(context.client_id)
      local items = vim.lsp.util.locations_to_items(command.arguments[3], client and client.offset_encoding or 'utf-16')
      vim.fn.setqflist({}, ' ', { title = command.title, items = items })
      vim.cmd('botright copen')
    end,
  },
  handlers = {
    -- What history proves has changed: so have the lenses.
    ['deed/evidenceChanged'] = function(_, _, context)
      for buffer in pairs(vim.lsp.get_client_by_id(context.client_id).attached_buffers) do
        vim.lsp.codelens.refresh({ bufnr = buffer })
      end
    end,
  },
}
