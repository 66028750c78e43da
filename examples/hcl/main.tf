# A web server written by hand in Terraform's own language: network, image, disks, seed and sandbox of Terrarium's provider.
terraform {
  required_version = ">= 1.11"
  required_providers {
    terrarium = { source = "terrarium.internal/terrarium/terrarium" }
  }
}

variable "image" {
  type        = string
  description = "Path of a disk image with cloud-init: qcow2, raw, VMDK or VDI."
}

variable "ssh_key" {
  type        = string
  description = "Public key that may log in."
}

variable "greeting" {
  type        = string
  description = "What the server says. Ephemeral: neither plan nor state has it."
  default     = "hello"
  ephemeral   = true
}

variable "revision" {
  type        = string
  description = "Counts the contents of the seed: change it with the key or the greeting."
  default     = "1"
}

variable "hypervisor" {
  type        = string
  description = "kvm or virtualbox. Default: the environment variable HYPERVISOR, else kvm."
  default     = null
}

variable "uri" {
  type        = string
  description = "A libvirt URI, or embedded. Default: this machine's libvirtd, else embedded."
  default     = null
}

# Tells this deployment's objects from everybody else's. Made once, and kept in the state.
resource "terraform_data" "deployment" {
  input = uuid()
  lifecycle { ignore_changes = [input] }
}

provider "terrarium" {
  lab        = "hcl"
  deployment = terraform_data.deployment.output
  hypervisor = var.hypervisor
  uri        = var.uri
}

locals {
  web = { mac = "02:68:63:6c:00:05", address = "10.68.0.5" }
}

resource "terrarium_network" "front" {
  name         = "front"
  cidr         = "10.68.0.0/24"
  reservations = { web = { mac = local.web.mac, address = local.web.address, name = "web" } }
}

resource "terrarium_image" "base" {
  source = var.image
}

resource "terrarium_disk" "web" {
  name  = "web"
  size  = "10GiB"
  image = terrarium_image.base.id
}

resource "terrarium_disk" "data" {
  name = "web.data"
  size = "20GiB"
}

resource "terrarium_seed" "web" {
  name     = "web"
  revision = var.revision
  user_data = "#cloud-config\n${jsonencode({
    users       = [{ name = "admin", sudo = "ALL=(ALL) NOPASSWD:ALL", shell = "/bin/bash", ssh_authorized_keys = [var.ssh_key] }]
    write_files = [{ path = "/srv/index.html", content = var.greeting }]
    runcmd      = [["systemd-run", "--unit=web", "python3", "-m", "http.server", "80", "--directory", "/srv"]]
  })}"

  # The next seed is there before this one goes: the sandbox is never without.
  lifecycle { create_before_destroy = true }
}

resource "terrarium_sandbox" "web" {
  name   = "web"
  cpus   = 2
  memory = "1GiB"
  disks  = [terrarium_disk.web.id, terrarium_disk.data.id]
  seed   = terrarium_seed.web.id
  nics   = [{ network = terrarium_network.front.id, mac = local.web.mac, address = local.web.address }]
  labels = { tier = "front" }
}

output "address" {
  description = "Where the server answers, from the host."
  value       = local.web.address
}

output "change" {
  description = "What the last apply took of the sandbox: created, live, reboot or reseed."
  value       = terrarium_sandbox.web.change
}
